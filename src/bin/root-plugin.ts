import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Interfaces } from '@oclif/core'
import packageJson from '../../package.json' with { type: 'json' }
import { commandLoaders } from './commands.ts'

/**
 * Ourselves as oclif sees us. oclif would find the same by searching for package.json, sorting with Intl and reading
 * user plugins from the home directory; handing it over saves 6 ms of each run, and a program that runs as root
 * loads no code from a home directory.
 */
export function rootPlugin(root: string): Interfaces.Plugin {
  const manifest: Interfaces.Manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
  const { name, version } = packageJson
  const plugin: Interfaces.Plugin = {
    _base: `${name}@${version}`,
    alias: name,
    commandIDs: Object.keys(manifest.commands),
    commands: Object.entries(manifest.commands).map(([id, cached]) => ({ ...cached, load: () => load(id) })),
    commandsDir: undefined,
    findCommand: ((id: string) => load(id)) as Interfaces.Plugin['findCommand'],
    hasManifest: true,
    hooks: {},
    isRoot: true,
    load: async () => {},
    moduleType: 'commonjs',
    name,
    options: { root, isRoot: true },
    pjson: packageJson as unknown as Interfaces.PJSON,
    root,
    topics: Object.entries(packageJson.oclif.topics).map(([topic, { description }]) => ({ name: topic, description })),
    type: 'core',
    valid: true,
    version,
  }
  return plugin

  async function load(id: string): Promise<Command.Class> {
    const loader = commandLoaders[id]
    if (loader === undefined) throw new Error(`the manifest names a command that is not there: ${id}`)
    const { default: command } = await loader()
    return Object.assign(command, { id, plugin })
  }
}
