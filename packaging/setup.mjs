#!/usr/bin/env node
/**
 * Prepares a clone and then runs a command in it: setup.mjs COMMAND [ARGUMENT…]. Runs on any Node from 20 on,
 * installs what is missing or out of date (`npm ci`, a Python environment with the AWS emulator), builds, and hands
 * over to the project's own Node. Everything lands in `node_modules/`, `.venv/` and `dist/`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Not import.meta.dirname: the first releases of Node 20 lack it.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const binaries = join(root, 'node_modules', '.bin')
const venv = join(root, '.venv')
const requirements = join(root, 'test', 'support', 'requirements.txt')
const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` }

const [, , command, ...argv] = process.argv

const installed = await Promise.all([
  once('libraries', join(root, 'node_modules', '.ready'), join(root, 'package-lock.json'), () =>
    // Errors only: npm itself may run on an older Node than the libraries, which the project's own Node serves.
    run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund']),
  ),
  once('AWS emulator', join(venv, '.ready'), requirements, async () => {
    rmSync(venv, { recursive: true, force: true })
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]
    return (await run('python3', ['-m', 'venv', venv])) && run(join(venv, 'bin', 'python'), install)
  }),
])
if (installed.includes(false)) process.exit(1)
say('building')
if (!(await run(join(binaries, 'node'), [join(root, 'packaging', 'build.mjs')]))) process.exit(1)
if (command !== undefined)
  process.exitCode = spawnSync(command, argv, { cwd: root, env: environment, stdio: 'inherit' }).status ?? 1

/** Does the work unless it was done for just this version of the file that it depends on; false where it failed. */
async function once(what, marker, source, work) {
  const wanted = createHash('sha256').update(readFileSync(source)).digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return true
  say(`installing ${what}`)
  if (!(await work())) return false
  mkdirSync(join(marker, '..'), { recursive: true })
  writeFileSync(marker, wanted)
  return true
}

async function run(program, words) {
  const failure = await new Promise((resolve) => {
    const child = spawn(program, words, { cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', ({ code }) => resolve(code))
    child.once('close', (status) => resolve(status))
  })
  if (failure === 0) return true
  say(failure === 'ENOENT' ? `${program} is not installed` : `${program} ${words.join(' ')} failed`)
  return false
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}
