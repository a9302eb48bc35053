#!/usr/bin/env node
/** Writes oclif.manifest.json from the bundle that was just built; with --print, prints it instead. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Plugin } from '@oclif/core/config'

const root = join(import.meta.dirname, '..')
const file = join(root, 'oclif.manifest.json')

export async function manifestText() {
  const plugin = new Plugin({
    root,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
    isRoot: true,
  })
  await plugin.load()
  const sorted = Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1))
  const commands = Object.fromEntries(sorted.map(([id, command]) => [id, withWholeSentences(command)]))
  return JSON.stringify({ ...plugin.manifest, commands }, null, 2)
}

/** The help is laid out for the terminal that it meets: where the source broke a sentence into lines is nothing to it. */
function withWholeSentences(command) {
  return { ...command, description: command.description?.replaceAll(/(?<![.\n])\n(?!\n|admin )/g, ' ') }
}

export async function writeManifest() {
  const text = await manifestText()
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--print')) process.stdout.write(await manifestText())
  else await writeManifest()
}
