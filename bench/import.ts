import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { interleave, type Timings } from './interleave.ts'
import { atMost, type Row } from './table.ts'

const USERS = 1_000_000
const ROLES = 1000
const ROLES_OF_A_USER = 3
const MEGABYTE = 1024 ** 2

export interface ImportBench {
  /** The program and what stands before every command. */
  readonly program: readonly string[]
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
}

/** 1,000,000 people with three roles each from a file, beside `sqlite3 .import` and set-based SQL into the same tables. */
export async function importing(bench: ImportBench): Promise<readonly Row[]> {
  const { program, directory, env } = bench
  const [ours, theirs] = [join(directory, 'imported.db'), join(directory, 'baseline.db')]
  const file = millionFile(directory)
  for (const store of [ours, theirs]) migrate(bench, store)
  const script = ['/bin/sh', '-c', `exec sqlite3 -bail "${theirs}" <<'END'\n${baseline(file)}END\n`]
  const command = [...program, 'import-aws-role-arns', file, '--database', ours]
  const once = { rounds: 1, warmUps: 0 }
  const timings = await interleave(once, { baseline: script, first: command, again: command }, env)
  for (const store of [ours, theirs]) rmSync(store, { force: true })
  const of = (name: string): Timings => timings.get(name) ?? { seconds: [], bytes: [] }
  const seconds = (name: string) => of(name).seconds[0] ?? Number.NaN
  const bytes = Math.max(...of('first').bytes, ...of('again').bytes)
  return [
    { work: 'import by sqlite3', measured: `${seconds('baseline').toFixed(1)} s`, target: '', isMet: true },
    atMost('import of 3,000,000 pairs', seconds('first') / seconds('baseline'), 1.3, 'x import by sqlite3'),
    atMost('the same again', seconds('again') / seconds('first'), 0.5, 'x the first'),
    atMost('import, peak memory', bytes / MEGABYTE, 300, 'MB'),
  ]
}

function millionRole(number: number): string {
  return `arn:aws:iam::123456789012:role/workbench/research/analyst-${String(number).padStart(4, '0')}`
}

/** CSV, 228 MB, written where it is not there yet. Each role has 3,000 holders. */
export function millionFile(directory: string): string {
  const path = join(directory, 'million.csv')
  if (existsSync(path)) return path
  const file = openSync(path, 'w')
  writeSync(file, 'username,role_arn\n')
  for (let first = 1; first <= USERS; first += 10_000) {
    writeSync(file, Array.from({ length: 10_000 }, (_, index) => linesOf(first + index)).join(''))
  }
  closeSync(file)
  return path
}

function linesOf(user: number): string {
  const first = (Math.imul(user, 2_654_435_761) >>> 12) % ROLES
  const roles = Array.from({ length: ROLES_OF_A_USER }, (_, index) => ((first + index * 331) % ROLES) + 1)
  return roles.map((role) => `user-${String(user).padStart(7, '0')},${millionRole(role)}\n`).join('')
}

function migrate({ program: [node = '', ...before], env }: ImportBench, store: string): void {
  execFileSync(node, [...before, 'store', 'migrate', '--database', store], { env, stdio: 'ignore' })
}

/** The same rows but for the hashes, which SQL cannot compute; ids stand in their place so that the triggers let them in. */
function baseline(file: string): string {
  return `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -65536;
BEGIN IMMEDIATE;
CREATE TEMP TABLE staging (username TEXT, role_arn TEXT);
.import --csv --skip 1 ${file} staging
INSERT INTO roles (arn, "partition", account_id, path, name)
SELECT DISTINCT role_arn, 'aws', substr(role_arn, 14, 12), '/workbench/research/', substr(role_arn, 52) FROM staging;
INSERT INTO users (username) SELECT DISTINCT username FROM staging ORDER BY username;
INSERT INTO assignments (user_id, source, set_at, set_by) SELECT id, 'cli', '2026-01-01T00:00:00Z', 'root' FROM users;
INSERT INTO assignment_roles (user_id, position, role_id)
SELECT users.id, row_number() OVER (PARTITION BY users.id ORDER BY staging.rowid), roles.id
FROM staging JOIN users USING (username) JOIN roles ON roles.arn = staging.role_arn;
INSERT INTO events
  (id, at, action, actor, actor_uid, host, username, before, after, reason, details, previous_hash, hash)
SELECT id, '2026-01-01T00:00:00Z', 'set', 'root', 0, 'bench', username, NULL,
  json_object('source', 'cli', 'roleArns', (SELECT json_group_array(arn) FROM (
    SELECT arn FROM assignment_roles JOIN roles ON roles.id = role_id WHERE user_id = users.id ORDER BY position
  )), 'expiresAt', NULL),
  NULL, '{"import":"million.csv"}', printf('%064x', id - 1), printf('%064x', id)
FROM users ORDER BY id;
INSERT INTO event_roles (role_id, event_id) SELECT role_id, user_id FROM assignment_roles;
COMMIT;
`
}
