/** Every command class, loaded: what oclif's explicit discovery reads when the manifest is made. */
import { createRequire } from 'node:module'

const { commandLoaders } = createRequire(import.meta.url)('../dist/admin.cjs').load('main')
const entries = Object.entries(commandLoaders).map(async ([id, load]) => [id, (await load()).default])

export const COMMANDS = Object.fromEntries(await Promise.all(entries))
