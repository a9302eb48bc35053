import type { AssignmentReader, RoleHolder } from '../assignments/assignment-store.ts'
import type { Clock } from '../clock.ts'
import { escapeControls } from '../iam/quote.ts'

export type AssignedUser = RoleHolder

/** Who may use a role at this moment, by the store, sorted by name; at most {@link MOST_ASSIGNED_USERS} of them. */
export type AssignedUsers = (roleArn: string) => Promise<readonly AssignedUser[]>

/** No trust policy has room for more subjects, and no message for more names. */
export const MOST_ASSIGNED_USERS = 1000

const MOST_NAMES = 10

export function assignedUsers(store: AssignmentReader, clock: Clock): AssignedUsers {
  return (roleArn) => store.roleHolders(roleArn, clock(), MOST_ASSIGNED_USERS)
}

/** As `alice, bob and 3 more`. */
export function nameUsers(users: readonly AssignedUser[]): string {
  const names = users.slice(0, MOST_NAMES).map(({ username }) => escapeControls(username))
  const more = users.length - names.length
  if (more === 0) return names.join(', ')
  return `${names.join(', ')} and ${users.length >= MOST_ASSIGNED_USERS ? 'many' : more} more`
}
