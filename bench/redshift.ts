/**
 * Passwords for Redshift against the emulator of the tests: how many calls reach AWS when 200 processes ask at once, and
 * what an answer from the cache costs.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { AwsEmulator, awsEnvironment } from '../test/support/aws-emulator.ts'
import { AwsReader } from '../test/support/aws-readback.ts'
import { seedWarehouse } from '../test/support/aws-seeds.ts'
import { interleave, ratio, type Timings } from './interleave.ts'
import { atMost, type Row } from './table.ts'

export interface RedshiftRequest {
  /** The program and what stands before every command. */
  readonly program: readonly string[]
  readonly directory: string
  readonly say: (text: string) => void
}

const AT_ONCE = 200
const ROUNDS = 20
const LOGIN = ['--cluster', 'demo-cluster', '--db-name', 'dev', '--db-user', 'analyst']

export async function askingRedshift({ program, directory, say }: RedshiftRequest): Promise<readonly Row[]> {
  const emulator = await AwsEmulator.start()
  try {
    const environment = awsEnvironment(emulator)
    await seedWarehouse(new AwsReader(environment), 'demo-cluster')
    emulator.forget()
    const cache = { ADMIN_CACHE_DIRECTORY: join(directory, 'redshift-cache') }
    const env = { PATH: process.env.PATH ?? '', HOME: directory, ...environment, ...cache }
    const command = [...program, 'redshift', 'credentials', ...LOGIN]
    say(`redshift: ${AT_ONCE} processes at once`)
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => answerOf(command, env)))
    const calls = emulator.actions.filter((action) => action === 'GetClusterCredentials').length
    const others = emulator.actions.length - calls
    say(`redshift: from the cache, ${ROUNDS} rounds`)
    const cached = await fromCache(command, env)
    return [
      atMost(`redshift credentials, ${AT_ONCE} at once: calls`, calls, 1, ''),
      atMost('  other calls, all of them', others, 1, ''),
      atMost('  different answers', new Set(answers).size, 1, ''),
      atMost('  from the cache', cached, 2.5, 'x node -e 0'),
    ]
  } finally {
    await emulator.stop()
  }
}

/** What it printed, or that it failed. */
async function answerOf(
  [file = '', ...argv]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(file, argv, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return exitCode === 0 ? stdout : `exit ${exitCode}`
}

async function fromCache(command: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const bare = [process.execPath, '-e', '0']
  const timings = await interleave({ rounds: ROUNDS, warmUps: 3 }, { bare, command }, env)
  const of = (name: string): Timings => timings.get(name) ?? { seconds: [], bytes: [] }
  return ratio(of('command'), of('bare'))
}
