/** What a token for a database costs, beside the AWS CLI, and that both sign the same. */
import { spawnSync } from 'node:child_process'
import { type AwsCli, findAwsCli } from './aws-cli.ts'
import { interleave, ratio, type Timings } from './interleave.ts'
import { atLeast, atMost, type Row } from './table.ts'

export interface RdsRequest {
  /** The program and what stands before every command. */
  readonly program: readonly string[]
  readonly directory: string
  readonly say: (text: string) => void
}

const ROUNDS = 20
const ENDPOINT = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
const PLACE = ['--hostname', ENDPOINT, '--port', '5432', '--username', 'analyst']

export async function signing({ program, directory, say }: RdsRequest): Promise<readonly Row[]> {
  const cli = findAwsCli(say)
  if (cli === null) say('!!! NO AWS CLI and no way to install it: the rows that compare with it are LEFT OUT')
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' }
  // Version 1 of the AWS CLI knows the region by its older name only, and wants one.
  const env = { PATH: process.env.PATH ?? '', HOME: directory, AWS_DEFAULT_REGION: 'us-east-2', ...keys }
  const ours = [...program, 'rds', 'token', ...PLACE]
  const theirs = cli === null ? null : [cli.file, 'rds', 'generate-db-auth-token', ...PLACE]
  say(`rds token, ${ROUNDS} rounds`)
  const timings = await interleave(
    { rounds: ROUNDS, warmUps: 3 },
    { bare: [process.execPath, '-e', '0'], ours, ...(theirs !== null && { theirs }) },
    env,
  )
  const of = (name: string): Timings => timings.get(name) ?? { seconds: [], bytes: [] }
  const own = atMost('rds token', ratio(of('ours'), of('bare')), 3, 'x node -e 0')
  if (cli === null || theirs === null) return [own]
  return [
    own,
    atLeast('  speed', ratio(of('theirs'), of('ours')), 8, `x ${cli.version}`),
    sameRow(ours, theirs, cli, env),
  ]
}

type Environment = Readonly<Record<string, string>>

const TRIES = 20

/** Until both sign in the same second; what is left to differ is the order of the parameters. */
function sameRow(ours: readonly string[], theirs: readonly string[], { version }: AwsCli, env: Environment): Row {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [one, other] = [ours, theirs].map((command) => parametersOf(command, env))
    if (one?.find(isDate) !== other?.find(isDate)) continue
    const isSame = one?.join('&') === other?.join('&')
    return {
      work: '  signature',
      measured: isSame ? `that of ${version}` : 'another',
      target: 'the same',
      isMet: isSame,
    }
  }
  return { work: '  signature', measured: 'never in the same second', target: 'the same', isMet: false }
}

function isDate(parameter: string): boolean {
  return parameter.startsWith('X-Amz-Date=')
}

function parametersOf([file = '', ...argv]: readonly string[], env: Environment): readonly string[] {
  const { stdout } = spawnSync(file, argv, { env: { ...env }, encoding: 'utf8' })
  return stdout.trim().split(/[?&]/).sort()
}
