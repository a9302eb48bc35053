import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The program that provisioning is compared with. */
export interface AwsCli {
  readonly file: string
  readonly version: string
}

const venv = join(import.meta.dirname, '..', '.venv', 'bin')

/** The AWS CLI of the machine, else one in the Python environment of this clone; `null` where it cannot be installed. */
export function findAwsCli(say: (text: string) => void): AwsCli | null {
  return onPath() ?? inVenv() ?? (install(say) ? inVenv() : null)
}

function onPath(): AwsCli | null {
  const [file = ''] = linesOf('/bin/sh', ['-c', 'command -v aws'])
  // What stands there for pyenv looks for the right one at each start; a comparison must not count that.
  const [behind = file] = file.includes('/shims/') ? linesOf('pyenv', ['which', 'aws']) : []
  return openAt(behind)
}

function inVenv(): AwsCli | null {
  return openAt(join(venv, 'aws'))
}

function openAt(file: string): AwsCli | null {
  const [version] = linesOf(file, ['--version'])
  return version === undefined ? null : { file, version: version.split(' ')[0] ?? '' }
}

function install(say: (text: string) => void): boolean {
  say('there is no AWS CLI: installing one into .venv')
  const requirements = join(import.meta.dirname, 'requirements.txt')
  try {
    execFileSync(join(venv, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    return true
  } catch {
    return false
  }
}

/** Nothing where the program is not there or fails. */
function linesOf(file: string, argv: readonly string[]): readonly string[] {
  const { status, stdout } = spawnSync(file, argv, { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : []
}
