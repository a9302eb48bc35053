import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The program that provisioning is compared with. */
export interface AwsCli {
  readonly file: string
  readonly version: string
}

/** Apart from the environment of the AWS emulator: each wants a botocore of its own. */
const venv = join(import.meta.dirname, '..', '.venv', 'aws-cli')

/** The AWS CLI of the machine, else one in a Python environment of this clone; `null` where it cannot be installed. */
export function findAwsCli(say: (text: string) => void): AwsCli | null {
  return onPath() ?? inVenv() ?? (install(say) ? inVenv() : null)
}

function onPath(): AwsCli | null {
  const [file = 'aws'] = linesOf('/bin/sh', ['-c', 'command -v aws'])
  // What stands there for pyenv looks for the right one at each start; a comparison must not count that.
  const [behind = file] = file.includes('/shims/') ? linesOf('pyenv', ['which', 'aws']) : []
  return openAt(behind)
}

function inVenv(): AwsCli | null {
  return openAt(join(venv, 'bin', 'aws'))
}

function openAt(file: string): AwsCli | null {
  const [version] = linesOf(file, ['--version'])
  return version === undefined ? null : { file, version: version.split(' ')[0] ?? '' }
}

function install(say: (text: string) => void): boolean {
  const requirements = join(import.meta.dirname, 'requirements.txt')
  say(`there is no AWS CLI on PATH: installing that of ${requirements}`)
  return (
    runs('python3', ['-m', 'venv', venv]) &&
    runs(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements])
  )
}

function runs(file: string, argv: readonly string[]): boolean {
  return spawnSync(file, argv, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

/** Nothing where the program is not there or fails. */
function linesOf(file: string, argv: readonly string[]): readonly string[] {
  const { status, stdout } = spawnSync(file, argv, { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : []
}
