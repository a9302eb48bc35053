/** What a token for a database costs, beside the AWS CLI, and that both sign the same. */
import { spawnSync } from 'node:child_process'
import { signedAt, sorted } from '../test/support/botocore-tokens.ts'
import { clockStandingAt } from '../test/support/frozen-clock.ts'
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

/** Ours with its clock at the instant of theirs; what is left to differ is the order of the parameters. */
function sameRow(ours: readonly string[], theirs: readonly string[], { version }: AwsCli, env: Environment): Row {
  const other = tokenOf(theirs, env)
  const own = tokenOf(ours, { ...env, ...clockStandingAt(signedAt(other)) })
  const isMet = other !== '' && sorted(own) === sorted(other)
  const measured = isMet ? `that of ${version}` : `not that of ${version}`
  return { work: '  signature', measured, target: 'the same', isMet }
}

function tokenOf([file = '', ...argv]: readonly string[], env: Environment): string {
  return spawnSync(file, argv, { env: { ...env }, encoding: 'utf8' }).stdout.trim()
}
