/** Every command class, loaded: what oclif's explicit discovery reads when the manifest is made. */
import { createRequire } from 'node:module'
import { mainFile } from './main-file.mjs'

const { commandLoaders } = createRequire(import.meta.url)(mainFile())
const entries = Object.entries(commandLoaders).map(async ([id, load]) => [id, (await load()).default])

export const COMMANDS = Object.fromEntries(await Promise.all(entries))
