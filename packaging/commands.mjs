/** Every command class, loaded: what oclif's explicit discovery reads when the manifest is made. */
import { createRequire } from 'node:module'
import { join } from 'node:path'

// While it is built, the program is not yet in its place.
const launcher = join(process.env.ADMIN_BUILT_IN ?? join(import.meta.dirname, '..', 'dist'), 'admin.cjs')
const { commandLoaders } = createRequire(import.meta.url)(launcher).load('main')
const entries = Object.entries(commandLoaders).map(async ([id, load]) => [id, (await load()).default])

export const COMMANDS = Object.fromEntries(await Promise.all(entries))
