import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Instant, systemClock } from '../src/clock.ts'
import { credentialCache } from '../src/sessions/credential-cache.ts'
import { benchRole } from './fill-store.ts'
import { interleave, ratio, type Timings } from './interleave.ts'
import { atMost, type Row } from './table.ts'

const ROUNDS = 30
const USERNAME = 'user-1'

export interface SessionBench {
  readonly program: readonly string[]
  /** In which the person may use several roles. */
  readonly store: string
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly say: (text: string) => void
}

/** Credentials of a session that are kept, as an SDK asks for them: whole processes. */
export async function sessions({ program, store, directory, env, say }: SessionBench): Promise<readonly Row[]> {
  const cache = join(directory, 'session-cache')
  const own = { ...env, ADMIN_CACHE_DIRECTORY: cache }
  const role = roleOf(program, store, own)
  const argv = [...program, 'session', 'credentials', USERNAME, '--role', role, '--database', store]
  await keepCredentials(cache, role)
  say(`credentials of a session, ${ROUNDS} rounds`)
  const bareNode = [process.execPath, '-e', '0']
  const timings = await interleave({ rounds: ROUNDS, warmUps: 3 }, { bareNode, kept: argv }, own)
  const of = (name: string): Timings => timings.get(name) ?? { seconds: [], bytes: [] }
  return [atMost('session credentials, kept', ratio(of('kept'), of('bareNode')), 2.2, 'x node -e 0')]
}

function roleOf(
  [file = '', ...before]: readonly string[],
  store: string,
  env: Readonly<Record<string, string>>,
): string {
  const { stdout } = spawnSync(file, [...before, 'get-aws-role-arns', USERNAME, '--database', store], { env })
  return String(stdout).trim().split(',')[0] ?? benchRole(1)
}

/** As the program itself keeps them. */
async function keepCredentials(cache: string, roleArn: string): Promise<void> {
  const value = {
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    secretAccessKey: 'x'.repeat(40),
    sessionToken: 'y'.repeat(1000),
    expiration: '2999-01-01T00:00:00Z' as Instant,
  }
  const inputs = { username: USERNAME, roleArn, roleSessionName: USERNAME, subject: null }
  const request = { kind: 'session', inputs, margin: 0, parse: () => null, fetch: async () => value }
  await credentialCache(join(cache, 'credentials'), systemClock, (_, work) => work()).get(request)
}
