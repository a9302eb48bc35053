import { randomUUID } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseUsername } from '../../../src/assignments/username.ts'
import { migrationList } from '../../../src/store/migration-list.ts'
import { admin, adminJson, type RunOptions, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { describePostgres, newPostgresStore } from '../../support/engines.ts'
import { at, openAt } from '../../support/open-store.ts'
import type { PostgresServer } from '../../support/postgres-server.ts'

const directory = temporaryDirectory()

/** An empty database, its name, and what finds it without naming a password. */
async function newDatabase(server: PostgresServer) {
  const database = await server.newDatabase()
  const { user, password } = server.ordinary
  const location = `postgres://${user}@localhost:${server.port}/${database}`
  const env = { ADMIN_DATABASE: location, PGPASSWORD: password }
  return { database, location, env, rows: (sql: string) => server.query(database, sql) }
}

/** How it ends in both modes, and that no password is in what it says. */
async function failure(server: PostgresServer, argv: readonly string[], options: RunOptions) {
  const env = { ...options.env, DEBUG: 'admin' }
  const text = await admin(argv, { ...options, env })
  const { json, stdout, stderr, exitCode } = await adminJson(argv, { ...options, env })
  const said = [text.stdout, text.stderr, stdout, stderr].join('\n')
  for (const { password } of [server.ordinary, server.superuser]) expect(said).not.toContain(password)
  expect([text.stdout, text.exitCode]).toEqual(['', exitCode])
  return { exitCode, code: json.error.code, message: json.error.message, suggestions: json.error.suggestions }
}

describePostgres('a store on PostgreSQL', (server) => {
  test('serves the commands as one on SQLite does', async () => {
    const { env, location } = await newDatabase(server())
    const made = await admin(['set-aws-role-arns', 'alice', `${analyst},${engineer}`, '--reason', 'new'], { env })
    expect(made).toMatchObject({ exitCode: 0, stderr: `made a new store, ${location}\n` })
    expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${analyst},${engineer}\n`)
    await admin(['set-aws-role-arns', 'alice', engineer], { env })
    expect((await adminJson(['unset-aws-role-arns', 'alice'], { env })).json).toMatchObject({ outcome: 'removed' })
    const log = await adminJson(['audit', 'log', '--user', 'a*e', '--role', analyst], { env })
    expect(log.json.map(({ id, action }: { id: number; action: string }) => [id, action])).toEqual([
      [2, 'set'],
      [1, 'set'],
    ])
    expect((await adminJson(['audit', 'verify'], { env })).json).toMatchObject({ verified: 3, broken: null })
  })

  test('streams its listings, and is left at once when they end', async () => {
    const { env } = await newDatabase(server())
    const lines = Array.from({ length: 1500 }, (_, index) => `user-${index},${analyst}\n`)
    const file = (count: number) => `username,role_arn\n${lines.slice(0, count).join('')}`
    expect((await adminJson(['import-aws-role-arns', '-'], { env, stdin: file(1500) })).json).toMatchObject({
      created: 1500,
    })
    for (const argv of [
      ['audit', 'assignments', '--format', 'csv'],
      ['audit', 'assignments', '--as-of', '0m', '--format', 'csv'],
      ['audit', 'who-has', analyst, '--format', 'csv'],
      ['audit', 'log', '--format', 'csv'],
    ]) {
      const { stdout, exitCode } = await admin(argv, { env })
      expect([exitCode, stdout.trim().split('\n').length]).toEqual([0, 1501])
    }
    const pruned = await adminJson(['import-aws-role-arns', '-', '--prune'], { env, stdin: file(1400) })
    expect(pruned.json).toMatchObject({ created: 0, unchanged: 1400, removed: 100 })
    expect((await adminJson(['audit', 'verify', '--state'], { env })).json).toMatchObject({ broken: null })
  })

  test('is absent until somebody writes, and reading makes nothing', async () => {
    const { env, location, rows } = await newDatabase(server())
    const get = await admin(['get-aws-role-arns', 'alice'], { env })
    expect(get).toMatchObject({ exitCode: 0, stdout: '' })
    expect(get.stderr).toContain(`there is no store yet at ${location}`)
    expect(await admin(['unset-aws-role-arns', 'alice'], { env })).toMatchObject({ exitCode: 0 })
    expect((await adminJson(['store', 'status'], { env })).json.error).toMatchObject({ code: 'NOT_FOUND_STORE' })
    expect(await rows("SELECT FROM pg_namespace WHERE nspname = 'admin'")).toEqual([])
  })

  test('is named by the configuration file too', async () => {
    const { env, location } = await newDatabase(server())
    const config = join(directory, `${randomUUID()}.yaml`)
    writeFileSync(config, `database: ${location}\n`)
    const withConfig = { env: { ADMIN_CONFIG: config, PGPASSWORD: env.PGPASSWORD } }
    expect((await admin(['set-aws-role-arns', 'alice', analyst], withConfig)).exitCode).toBe(0)
    expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${analyst}\n`)
  })

  test('is migrated once, whoever begins', async () => {
    const { env, rows } = await newDatabase(server())
    const runs = await Promise.all(Array.from({ length: 6 }, () => adminJson(['store', 'migrate'], { env })))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(6).fill(0))
    expect(runs.flatMap(({ json }) => json.applied)).toEqual(migrationList.map(({ name }) => name))
    expect(await rows('SELECT name FROM migrations ORDER BY id')).toEqual(migrationList.map(({ name }) => ({ name })))
  })

  test.each([
    ['changed', "UPDATE migrations SET checksum = 'other'", 'was changed after it was applied'],
    [
      'unknown',
      "INSERT INTO migrations (name, checksum, applied_at) VALUES ('0099-x', '', '')",
      'older than the store',
    ],
    ['still to apply', 'DELETE FROM migrations', 'is older than this version of admin'],
  ])('refuses to work where a step of its schema is %s', async (_, statement, reason) => {
    const { env, rows } = await newDatabase(server())
    await admin(['store', 'migrate'], { env })
    await rows(statement)
    const refused = await failure(server(), ['set-aws-role-arns', 'bob', engineer], { env })
    expect(refused).toMatchObject({ exitCode: 3, code: 'REFUSED_MIGRATIONS' })
    expect(refused.message).toContain(reason)
  })

  test('tells its state, and finds guards that somebody turned off', async () => {
    const { env, location, rows } = await newDatabase(server())
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    const { json } = await adminJson(['store', 'status'], { env })
    expect(json).toMatchObject({ location, engine: 'postgres', users: 1, assignments: 1, events: 1, integrity: [] })
    expect(json).toMatchObject({ migrations: { pending: [] }, headHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(json.findings).toEqual([expect.stringContaining('fsync = off')])
    await rows('ALTER TABLE events DISABLE TRIGGER events_are_not_changed')
    await rows(
      'CREATE OR REPLACE FUNCTION refuse_unchained_event() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$',
    )
    const after = await adminJson(['store', 'status'], { env })
    expect([after.exitCode, after.json.integrity]).toEqual([
      5,
      [
        'the function refuse_unchained_event of the trigger events_are_chained was changed',
        'the trigger events_are_not_changed of events is turned off',
      ],
    ])
  })

  test('leaves its backup to the tools of PostgreSQL', async () => {
    const { env } = await newDatabase(server())
    const refused = await failure(server(), ['store', 'backup', '/var/backups/x'], { env })
    expect(refused).toMatchObject({ exitCode: 3, code: 'REFUSED_ENGINE' })
    expect(refused.suggestions[0]).toContain('pg_dump -h localhost')
    expect(refused.suggestions[1]).toBe('admin store copy --to sqlite:///var/backups/x')
  })

  test('never touches a schema of the same name that belongs to something else', async () => {
    const { env, rows } = await newDatabase(server())
    await rows('CREATE SCHEMA admin CREATE TABLE theirs (x int)')
    const refused = await failure(server(), ['set-aws-role-arns', 'alice', analyst], { env })
    expect(refused).toMatchObject({ exitCode: 2, code: 'INVALID_DATABASE' })
  })

  test('is refused where texts would not be kept as Unicode', async () => {
    const database = await server().newDatabase("ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    const refused = await failure(server(), ['store', 'migrate'], { env: { ADMIN_DATABASE: server().url(database) } })
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringContaining('LATIN1, expected UTF8') })
  })
})

describePostgres('the password of a store on PostgreSQL', (server) => {
  const passwordFile = (line: string, mode = 0o600) => {
    const file = join(directory, randomUUID())
    writeFileSync(file, `# comment\n*:*:other:*:wrong\n${line}\n*:*:*:*:too late\n`)
    chmodSync(file, mode)
    return file
  }

  test('may stand in the URL, in PGPASSWORD or in a password file', async () => {
    const { database, location, env } = await newDatabase(server())
    const { port, ordinary } = server()
    const lines = [`localhost:${port}:${database}:keeper:${ordinary.password}`, `*:*:store\\_*:*:${ordinary.password}`]
    const [exact = ''] = lines
    const ways = [
      { ADMIN_DATABASE: server().url(database) },
      env,
      { ADMIN_DATABASE: location, PGPASSFILE: passwordFile(exact) },
    ]
    for (const way of ways)
      expect(await admin(['get-aws-role-arns', 'alice'], { env: way })).toMatchObject({ exitCode: 0 })
    const elsewhere = { ADMIN_DATABASE: location, PGPASSFILE: passwordFile(lines[1] ?? '') }
    expect(await admin(['get-aws-role-arns', 'alice'], { env: elsewhere })).toMatchObject({ exitCode: 6 })
  })

  test('that is nowhere is asked for with the line to write', async () => {
    const { database, location } = await newDatabase(server())
    const denied = await failure(server(), ['get-aws-role-arns', 'alice'], { env: { ADMIN_DATABASE: location } })
    expect(denied).toMatchObject({ exitCode: 6, code: 'DENIED_STORE', suggestions: [] })
    expect(denied.message).toContain(`as localhost:${server().port}:${database}:keeper:PASSWORD`)
  })

  test('is not taken from a file that others may read', async () => {
    const { location } = await newDatabase(server())
    const file = passwordFile(`*:*:*:*:${server().ordinary.password}`, 0o640)
    const env = { ADMIN_DATABASE: location, PGPASSFILE: file }
    const denied = await failure(server(), ['get-aws-role-arns', 'alice'], { env })
    expect(denied).toMatchObject({ exitCode: 6, suggestions: [`chmod 600 ${file}`] })
  })

  test('is warned of in an argument, which everybody can see, and repeated nowhere', async () => {
    const { database } = await newDatabase(server())
    const argv = ['get-aws-role-arns', 'alice', '--database', server().url(database)]
    const { stderr, exitCode } = await admin(argv)
    expect([exitCode, stderr.includes(server().ordinary.password)]).toEqual([0, false])
    expect(stderr).toContain('the password of the database stands in the command line')
    for (const wrong of [
      [...argv, server().url(database)],
      [...argv, '--limit'],
      ['audit', 'log', server().url(database)],
    ]) {
      expect((await failure(server(), wrong, {})).exitCode).toBe(2)
    }
  })

  test('that is wrong is exit 6, and so is a user who is unknown', async () => {
    const { location, env } = await newDatabase(server())
    const wrong = await failure(server(), ['get-aws-role-arns', 'alice'], { env: { ...env, PGPASSWORD: 'wrong' } })
    expect(wrong).toMatchObject({ exitCode: 6, code: 'DENIED_STORE', suggestions: [] })
    const stranger = location.replace('keeper', 'stranger')
    const unknown = await failure(server(), ['get-aws-role-arns', 'alice'], {
      env: { ...env, ADMIN_DATABASE: stranger },
    })
    expect(unknown).toMatchObject({ exitCode: 6, code: 'DENIED_STORE' })
  })

  test.each([
    ['postgres://keeper:hunter2@localhost:54x/db', 'cannot be read'],
    ['postgres://keeper:hun#ter2@localhost/db', 'cannot be read'],
    ['postgres://keeper:hunter2@h1,h2/db', 'several hosts'],
    ['postgres://keeper:hunter2@localhost:99999/db', 'expected 1 to 65535'],
    ['postgres://keeper:hunter2@localhost/db?sslmod=require', 'the parameter "sslmod"'],
    ['postgres://keeper:hunter2@localhost/db?sslmode=no', 'sslmode is "no", expected disable,'],
    ['postgres://keeper:hunter2@localhost/db?iam=yes', 'iam is "yes"'],
    ['postgres://keeper:hunter2@localhost/db?iam=1&sslmode=prefer', 'must not travel in the clear'],
  ])('is not repeated where the URL is wrong: %s', async (url, reason) => {
    const { json, stderr, exitCode } = await adminJson(['get-aws-role-arns', 'alice'], { env: { ADMIN_DATABASE: url } })
    expect([exitCode, json.error.code, stderr]).toEqual([2, 'INVALID_DATABASE', ''])
    expect(json.error.message).toContain(reason)
    expect(json.error.message).not.toMatch(/hun/)
  })
})

describePostgres('rights at a store on PostgreSQL', (server) => {
  test('that do not suffice are named with what grants them', async () => {
    const { database, env, rows } = await newDatabase(server())
    await rows(`REVOKE CREATE ON DATABASE ${database} FROM keeper`)
    const make = await failure(server(), ['store', 'migrate'], { env })
    expect(make).toMatchObject({ exitCode: 6, code: 'DENIED_STORE' })
    expect(make.suggestions[0]).toContain(`'GRANT CONNECT, CREATE ON DATABASE ${database} TO keeper'`)
    await rows(`REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`)
    expect(await failure(server(), ['get-aws-role-arns', 'alice'], { env })).toMatchObject({ exitCode: 6 })
  })

  test('to make a schema are not needed where the owner of the database has made it', async () => {
    const { database, env, rows } = await newDatabase(server())
    await rows(`REVOKE CREATE ON DATABASE ${database} FROM keeper; CREATE SCHEMA admin AUTHORIZATION keeper`)
    expect(await admin(['set-aws-role-arns', 'alice', analyst], { env })).toMatchObject({ exitCode: 0 })
  })

  test('may be split: one role makes the tables, another writes, a third reads', async () => {
    const { database, env, rows } = await newDatabase(server())
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    await rows("DO $$BEGIN CREATE ROLE writer LOGIN PASSWORD 'w'; CREATE ROLE reader LOGIN PASSWORD 'r'; END$$")
    const as = (user: string, password: string) => ({
      env: { ADMIN_DATABASE: server().url(database, { user, password }) },
    })
    const barred = await failure(server(), ['get-aws-role-arns', 'alice'], as('reader', 'r'))
    expect(barred).toMatchObject({
      exitCode: 6,
      suggestions: [expect.stringContaining('GRANT USAGE ON SCHEMA admin TO reader')],
    })
    await rows(`GRANT USAGE ON SCHEMA admin TO reader, writer; GRANT SELECT ON ALL TABLES IN SCHEMA admin TO reader, writer;
      GRANT INSERT ON users, roles, assignments, assignment_roles, events, event_roles TO writer;
      GRANT UPDATE ON users TO writer; GRANT DELETE ON assignments TO writer;
      GRANT INSERT, UPDATE, DELETE ON kept_tokens TO writer; REVOKE SELECT ON kept_tokens FROM reader`)
    expect((await admin(['get-aws-role-arns', 'alice'], as('reader', 'r'))).stdout).toBe(`${analyst}\n`)
    const denied = await failure(server(), ['set-aws-role-arns', 'bob', analyst], as('reader', 'r'))
    expect(denied).toMatchObject({ exitCode: 6, code: 'DENIED_STORE' })
    expect((await admin(['set-aws-role-arns', 'bob', engineer], as('writer', 'w'))).stderr).toBe('')
    expect((await admin(['unset-aws-role-arns', 'alice'], as('writer', 'w'))).exitCode).toBe(0)
    expect(await vaultAs(server().url(database, { user: 'writer', password: 'w' }))).toEqual(['v1.a', 'v1.b', true])
    expect((await adminJson(['audit', 'verify'], as('reader', 'r'))).json).toMatchObject({ verified: 3, broken: null })
  })

  test('need a database: one that is not there is exit 4', async () => {
    const url = server().url('nowhere')
    const missing = await failure(server(), ['get-aws-role-arns', 'alice'], { env: { ADMIN_DATABASE: url } })
    expect(missing).toMatchObject({
      exitCode: 4,
      code: 'NOT_FOUND_STORE',
      suggestions: [expect.stringMatching(/^createdb .* nowhere$/)],
    })
  })
})

/** What a role can do with the tokens of alice: keep, replace, forget. */
async function vaultAs(url: string) {
  const [store, alice] = [await openAt(url), parseUsername('alice')]
  const tokens = { issuer: 'i', clientId: 'c', sealed: 'v1.a', hasRefreshToken: true, idTokenExpiresAt: at(0) }
  await store.keepTokens(alice, tokens)
  const claimed = await store.claimTokens(alice, 60)
  if (claimed === null) throw new Error('nobody else has claimed them')
  await store.replaceTokens(claimed.claim, { ...tokens, sealed: 'v1.b' })
  const replaced = await store.findTokens(alice)
  return [claimed.tokens.sealed, replaced?.sealed, await store.forgetTokens(claimed.claim)]
}

describePostgres(
  'TLS with a store on PostgreSQL',
  (server) => {
    const get = async (parameters: string, host = 'localhost') => {
      const database = await server().newDatabase()
      const url = server().url(database, undefined, parameters).replace('localhost', host)
      const run = await adminJson(['get-aws-role-arns', 'alice'], { env: { ADMIN_DATABASE: url } })
      return { exitCode: run.exitCode, message: run.json.error?.message }
    }
    const ca = () => `sslrootcert=${server().caFile}`

    test.each([
      ['nothing at all', ''],
      ['prefer', '?sslmode=prefer'],
      ['allow, where the server insists on TLS', '?sslmode=allow'],
      ['require, which trusts whoever answers', '?sslmode=require'],
    ])('is used with %s', async (_, parameters) => {
      expect(await get(parameters)).toEqual({ exitCode: 0 })
    })

    test('is verified in full where that is asked for', async () => {
      expect(await get(`?sslmode=verify-full&${ca()}`)).toEqual({ exitCode: 0 })
    })

    test('verifies who signed alone with verify-ca, and with require where a root certificate is named', async () => {
      expect(await get(`?sslmode=verify-ca&${ca()}`, '127.0.0.1')).toEqual({ exitCode: 0 })
      expect(await get(`?sslmode=require&${ca()}`, '127.0.0.1')).toEqual({ exitCode: 0 })
    })

    test('with verify-full refuses a certificate for another host', async () => {
      const { exitCode, message } = await get(`?sslmode=verify-full&${ca()}`, '127.0.0.1')
      expect([exitCode, message]).toEqual([6, expect.stringContaining('is for somebody else')])
    })

    test('refuses an authority that nobody knows', async () => {
      const { exitCode, message } = await get('?sslmode=verify-full')
      expect([exitCode, message]).toEqual([
        6,
        expect.stringContaining('name the certificate of its authority: sslrootcert=FILE'),
      ])
    })

    test('that is turned off is refused by the rules of the server', async () => {
      expect(await get('?sslmode=disable')).toEqual({ exitCode: 6, message: expect.stringContaining('pg_hba.conf') })
    })

    test('carries a token of IAM in place of a password, which is repeated nowhere', async () => {
      const database = await server().newDatabase()
      const argv = ['get-aws-role-arns', 'alice']
      const url = `postgres://keeper@localhost:${server().port}/${database}?iam=1&${ca()}`
      const env = { ADMIN_DATABASE: url, AWS_REGION: 'us-east-2', AWS_EC2_METADATA_DISABLED: 'true' }
      const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hidden-key' }
      const none = await failure(server(), argv, { env })
      expect(none).toMatchObject({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
      const signed = await failure(server(), argv, { env: { ...env, ...keys } })
      expect(signed).toMatchObject({ exitCode: 6, code: 'DENIED_STORE' })
      expect(signed.message).toContain('password authentication failed')
      expect(JSON.stringify(signed)).not.toMatch(/X-Amz|hidden-key/)
    })

    test('with a certificate file that is not there is exit 4', async () => {
      expect((await get('?sslmode=verify-full&sslrootcert=/nowhere.pem')).exitCode).toBe(4)
    })
  },
  { isTls: true, accessRules: ['hostnossl all all all reject'] },
)

describePostgres('a server without TLS', (server) => {
  test('does for prefer, not for require', async () => {
    const database = await server().newDatabase()
    const run = (parameters: string) =>
      admin(['get-aws-role-arns', 'alice'], { env: { ADMIN_DATABASE: server().url(database, undefined, parameters) } })
    expect((await run('?sslmode=prefer')).exitCode).toBe(0)
    expect(await run('?sslmode=require')).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('has no TLS') })
  })
})

describe('a server that is not there', () => {
  test.each([
    ['postgres://u@127.0.0.1:1/db', 'cannot be reached (ECONNREFUSED)'],
    ['postgres://u@no-such-host.invalid/db', 'is not known'],
    ['postgres://u@%2Fnowhere/db', 'there is no such socket'],
  ])('is exit 7: %s', async (url, reason) => {
    const { json, exitCode } = await adminJson(['set-aws-role-arns', 'alice', analyst], {
      env: { ADMIN_DATABASE: url },
    })
    expect([exitCode, json.error.code]).toEqual([7, 'UNAVAILABLE_STORE'])
    expect(json.error.message).toContain(reason)
    expect(json.error.message).toContain('nothing was changed')
  })
})

describePostgres('store copy', (server) => {
  test('moves a store to PostgreSQL and back, with equal heads', async () => {
    const file = join(directory, randomUUID(), 'admin.db')
    const filled = { env: { ADMIN_DATABASE: file } }
    await admin(['set-aws-role-arns', 'tab\\t', `${analyst},${engineer}`, '--reason', 'because\\N "x" 💥'], filled)
    await admin(['set-aws-role-arns', 'bob', engineer, '--expires', '30d'], filled)
    await admin(['unset-aws-role-arns', 'bob'], filled)
    const { env, location } = await newDatabase(server())
    const there = await adminJson(['store', 'copy', '--to', location], {
      env: { ...filled.env, PGPASSWORD: env.PGPASSWORD },
    })
    expect(there.json).toEqual({
      from: file,
      to: location,
      users: 2,
      assignments: 1,
      events: 3,
      headHash: expect.any(String),
    })
    await admin(['set-aws-role-arns', 'carol', analyst], { env })
    const back = join(directory, randomUUID(), 'admin.db')
    const returned = await adminJson(['store', 'copy', '--to', back], { env })
    const verify = async (options: RunOptions) => (await adminJson(['audit', 'verify'], options)).json
    expect(await verify({ env: { ADMIN_DATABASE: back } })).toEqual(await verify({ env }))
    expect((await verify({ env: { ADMIN_DATABASE: back } })).headHash).toBe(returned.json.headHash)
    const log = async (options: RunOptions) => (await adminJson(['audit', 'log', '--role', '*engineer'], options)).json
    expect(await log({ env: { ADMIN_DATABASE: back } })).toEqual(await log({ env }))
    expect((await admin(['set-aws-role-arns', 'dave', analyst, '--database', back])).exitCode).toBe(0)
  })

  test('refuses a store that is not empty, the store itself, and a log that was tampered with', async () => {
    const { env, location, rows } = await newDatabase(server())
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    const same = await adminJson(['store', 'copy', '--to', location], { env })
    expect([same.exitCode, same.json.error.code]).toEqual([3, 'REFUSED_SAME_STORE'])
    const other = await newPostgresStore(server())
    await admin(['set-aws-role-arns', 'bob', analyst], { env: { ADMIN_DATABASE: other.url } })
    const filled = await adminJson(['store', 'copy', '--to', other.location], { env })
    expect([filled.exitCode, filled.json.error.code]).toEqual([3, 'REFUSED_STORE_NOT_EMPTY'])
    await rows("ALTER TABLE events DISABLE TRIGGER USER; UPDATE events SET reason = 'forged'")
    const copy = join(directory, randomUUID(), 'admin.db')
    const broken = await adminJson(['store', 'copy', '--to', copy], { env })
    expect([broken.exitCode, broken.json.error.code]).toEqual([3, 'REFUSED_BROKEN_CHAIN'])
    expect((await adminJson(['store', 'status', '--database', copy])).json).toMatchObject({ users: 0, events: 0 })
  })
})
