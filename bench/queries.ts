import Database from 'better-sqlite3'
import { interleave, median, ratio, type Timings } from './interleave.ts'
import { atLeast, atMost, type Row } from './table.ts'

const QUICK_ROUNDS = 20
const LONG_ROUNDS = 3
const MEGABYTE = 1024 ** 2
/** What was promised is a role of so many holders. */
const HOLDERS = 1000

export interface QueryBench {
  readonly program: readonly string[]
  /** Of any size; one of a million people with three roles each is what was promised. */
  readonly store: string
  readonly directory: string
  readonly say: (text: string) => void
}

/** Who has a role, now and as it was, and all assignments as CSV: whole processes. */
export async function querying({ program, store, directory, say }: QueryBench): Promise<readonly Row[]> {
  const { arn, holders, username, rows } = subjects(store)
  const admin = (...argv: readonly string[]) => [...program, ...argv, '--database', store]
  const env = { PATH: process.env.PATH ?? '', HOME: directory }
  say(`asking who has a role of ${holders} holders, ${QUICK_ROUNDS} rounds`)
  const quick = await interleave(
    { rounds: QUICK_ROUNDS, warmUps: 2 },
    {
      bare: [process.execPath, '-e', '0'],
      get: admin('get-aws-role-arns', username),
      whoHas: admin('audit', 'who-has', arn),
      asOf: admin('audit', 'who-has', arn, '--as-of', '0m'),
    },
    env,
  )
  say(`listing ${rows.toLocaleString('en')} rows, ${LONG_ROUNDS} rounds`)
  const csv = admin('audit', 'assignments', '--format', 'csv')
  const long = of(await interleave({ rounds: LONG_ROUNDS, warmUps: 1 }, { csv }, env), 'csv')
  const [bare, get, whoHas, asOf] = ['bare', 'get', 'whoHas', 'asOf'].map((name) => of(quick, name))
  return [
    atMost('get, in that store', ratioOf(get, bare), 2.2, 'x node -e 0'),
    atMost(`audit who-has, ${holders} holders`, ratioOf(whoHas, bare), 2.2, 'x node -e 0'),
    atMost('  as of a moment of the past', median(asOf?.seconds ?? []) * 1000, 1000, 'ms'),
    atLeast(
      `audit assignments, csv, ${rows.toLocaleString('en')} rows`,
      rows / median(long.seconds),
      500_000,
      'rows/s',
    ),
    atMost('  peak memory', Math.max(...long.bytes) / MEGABYTE, 256, 'MB'),
  ]
}

function of(timings: ReadonlyMap<string, Timings>, name: string): Timings {
  return timings.get(name) ?? { seconds: [], bytes: [] }
}

function ratioOf(one: Timings | undefined, other: Timings | undefined): number {
  return one === undefined || other === undefined ? Number.NaN : ratio(one, other)
}

/** The role whose holders are nearest to so many, one of them, and how many rows there are. */
function subjects(store: string) {
  const database = new Database(store, { readonly: true })
  const { arn, holders, username } = database
    .prepare<[number], { arn: string; holders: number; username: string }>(
      `SELECT r.arn, count(*) AS holders, min(u.username) AS username
       FROM roles r JOIN assignment_roles ar ON ar.role_id = r.id JOIN users u ON u.id = ar.user_id
       GROUP BY r.id ORDER BY abs(count(*) - ?) LIMIT 1`,
    )
    .get(HOLDERS) ?? { arn: '', holders: 0, username: '' }
  const rows = Number(database.prepare('SELECT count(*) FROM assignment_roles').pluck().get())
  database.close()
  return { arn, holders, username, rows }
}
