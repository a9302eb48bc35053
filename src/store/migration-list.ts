import { assignmentsAndEvents } from '../../migrations/0001-assignments-and-events.ts'
import { rolesOfEvents } from '../../migrations/0002-roles-of-events.ts'
import { keptTokens } from '../../migrations/0003-kept-tokens.ts'
import type { Migration } from './migration.ts'

/** Every step, oldest first. A new one is added at the end. */
export const migrationList: readonly Migration[] = [assignmentsAndEvents, rolesOfEvents, keptTokens]
