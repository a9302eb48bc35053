import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import { startPostgres, whyNoPostgres } from '../test/support/postgres-server.ts'
import { type ImportBench, millionFile } from './import.ts'
import { interleave } from './interleave.ts'
import { atMost, type Row } from './table.ts'

/** The file of `importing` into PostgreSQL, beside COPY into a staging table and set-based SQL into the same tables. */
export async function importingIntoPostgres(bench: ImportBench): Promise<readonly Row[]> {
  if (whyNoPostgres !== null) return [missed(whyNoPostgres)]
  const server = await startPostgres({ isDurable: true })
  try {
    const [theirs, ours] = [await migratedStore(bench, server), await migratedStore(bench, server)]
    const baseline = await secondsOfBaseline(theirs, millionFile(bench.directory))
    const seconds = await secondsOfImport(bench, ours)
    return [
      { work: 'import by COPY, PostgreSQL', measured: `${baseline.toFixed(1)} s`, target: '', isMet: true },
      atMost('import of 3,000,000 pairs, PostgreSQL', seconds / baseline, 1.5, 'x import by COPY'),
    ]
  } finally {
    await server.remove()
  }
}

function missed(reason: string): Row {
  return { work: 'import, PostgreSQL', measured: reason, target: '1.5', isMet: false }
}

async function migratedStore(bench: ImportBench, server: Awaited<ReturnType<typeof startPostgres>>): Promise<string> {
  const url = server.url(await server.newDatabase())
  const [node = '', ...before] = bench.program
  const env = { ...bench.env, ADMIN_DATABASE: url }
  execFileSync(node, [...before, 'store', 'migrate'], { env, stdio: 'ignore' })
  return url
}

async function secondsOfImport({ program, directory, env }: ImportBench, url: string): Promise<number> {
  const command = [...program, 'import-aws-role-arns', millionFile(directory)]
  const timings = await interleave({ rounds: 1, warmUps: 0 }, { command }, { ...env, ADMIN_DATABASE: url })
  return timings.get('command')?.seconds[0] ?? Number.NaN
}

async function secondsOfBaseline(url: string, file: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const started = performance.now()
    await client.query(STAGING)
    await pipeline(createReadStream(file), client.query(from(COPY)))
    await client.query(NORMALISATION)
    return (performance.now() - started) / 1000
  } finally {
    await client.end()
  }
}

const STAGING = `
BEGIN;
SET LOCAL search_path = admin;
CREATE TEMPORARY TABLE staging (
  line bigint GENERATED ALWAYS AS IDENTITY, username text COLLATE "C", role_arn text COLLATE "C"
) ON COMMIT DROP`

const COPY = 'COPY staging (username, role_arn) FROM STDIN (FORMAT csv, HEADER)'

/** The same rows but for the hashes, which stand in their place so that the triggers let them in. */
const NORMALISATION = `
ANALYZE staging;
INSERT INTO roles (arn, "partition", account_id, path, name)
SELECT DISTINCT role_arn, 'aws', substr(role_arn, 14, 12), '/workbench/research/', substr(role_arn, 52) FROM staging;
INSERT INTO users (username) SELECT DISTINCT username FROM staging ORDER BY username;
INSERT INTO assignments (user_id, source, set_at, set_by) SELECT id, 'cli', '2026-01-01T00:00:00Z', 'root' FROM users;
INSERT INTO assignment_roles (user_id, position, role_id)
SELECT users.id, row_number() OVER (PARTITION BY users.id ORDER BY staging.line), roles.id
FROM staging JOIN users USING (username) JOIN roles ON roles.arn = staging.role_arn;
INSERT INTO events
  (id, at, action, actor, actor_uid, host, username, before, after, reason, details, previous_hash, hash)
SELECT users.id, '2026-01-01T00:00:00Z', 'set', 'root', 0, 'bench', username, NULL,
  '{"source":"cli","roleArns":["' || string_agg(arn, '","' ORDER BY position) || '"],"expiresAt":null}',
  NULL, '{"import":"million.csv"}', lpad((users.id - 1)::text, 64, '0'), lpad(users.id::text, 64, '0')
FROM users JOIN assignment_roles ON user_id = users.id JOIN roles ON roles.id = role_id
GROUP BY users.id ORDER BY users.id;
INSERT INTO event_roles (role_id, event_id) SELECT role_id, user_id FROM assignment_roles;
COMMIT`
