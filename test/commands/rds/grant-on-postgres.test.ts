import { randomUUID } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import pg from 'pg'
import { createStatements, identifier } from '../../../src/databases/iam-users/statements.ts'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { describePostgres } from '../../support/engines.ts'
import type { PostgresServer } from '../../support/postgres-server.ts'
import { atTerminal, keys } from '../../support/terminal.ts'

const ACCEPT = '--i-understand-that-passwords-stop-working'
const MASTER_PASSWORD = randomUUID()
const directory = temporaryDirectory()

/** The roles that RDS brings, and a master user as it makes one: no superuser, may make roles and hand on `rds_iam`. */
const AS_RDS = `CREATE ROLE rds_iam NOLOGIN; CREATE ROLE rds_superuser NOLOGIN; CREATE ROLE rds_ad NOLOGIN;
  CREATE ROLE rds_replication NOLOGIN; CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD '${MASTER_PASSWORD}';
  GRANT rds_superuser TO master; GRANT rds_iam TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE`

describePostgres('admin rds grant --execute on PostgreSQL', (server) => {
  beforeAll(() => server().query('postgres', AS_RDS))

  const urlAs = (user: string, parameters = '') => `postgres://${user}@localhost:${server().port}/postgres${parameters}`
  const words = (dbUser: string, ...more: readonly string[]) => [
    'rds',
    'grant',
    '--engine',
    'postgres',
    '--db-user',
    dbUser,
    '--execute',
    '--connection',
    urlAs('master'),
    ...more,
  ]
  const grant = async (dbUser: string, ...more: readonly string[]) => {
    const run = await adminJson(words(dbUser, ...more), { env: { PGPASSWORD: MASTER_PASSWORD } })
    expect(run.stdout + run.stderr).not.toContain(MASTER_PASSWORD)
    return run
  }
  const run = (sql: string) => server().query('postgres', sql)
  const isMember = async (user: string, role = 'rds_iam') =>
    (await server().query('postgres', "SELECT pg_has_role($1, $2, 'MEMBER') AS is", [user, role]))[0]?.is
  const exists = async (user: string) =>
    (await server().query('postgres', 'SELECT FROM pg_roles WHERE rolname = $1', [user])).length === 1

  test('creates a user that was not there, and the second time changes nothing', async () => {
    const first = await grant('Jane.Doe@corp')
    expect(first).toMatchObject({
      exitCode: 0,
      json: {
        engine: 'postgres',
        dbUser: 'Jane.Doe@corp',
        executed: true,
        outcome: 'created',
        sql: ['CREATE USER "Jane.Doe@corp"', 'GRANT rds_iam TO "Jane.Doe@corp"'],
        server: urlAs('master'),
        withoutPasswordLogin: [],
      },
    })
    expect([await isMember('Jane.Doe@corp'), await exists('jane.doe@corp')]).toEqual([true, false])
    const second = await grant('Jane.Doe@corp')
    expect(second).toMatchObject({ exitCode: 0, stderr: '', json: { outcome: 'unchanged', sql: [] } })
    const text = await admin(words('Jane.Doe@corp'), { env: { PGPASSWORD: MASTER_PASSWORD } })
    expect(text.stdout).toContain(
      '"Jane.Doe@corp" logs in by IAM already; nothing to do at postgres://master@localhost',
    )
  })

  test('says that whoever creates a role administers it since PostgreSQL 16, and how to go back', async () => {
    const { json, stderr } = await grant('with_admin')
    expect(json.notes).toEqual([expect.stringMatching(/^"master", who is connected here, may administer "with_admin"/)])
    expect(stderr).toContain('REVOKE rds_iam FROM "with_admin"')
    expect(await isMember('master', 'with_admin')).toBe(true)
  })

  test('takes nothing back by halves: where the creator would inherit rds_iam it is refused and no user is left', async () => {
    await run(
      "CREATE ROLE heir_master LOGIN CREATEROLE PASSWORD 'h'; GRANT rds_iam TO heir_master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE; ALTER ROLE heir_master SET createrole_self_grant = 'set, inherit'",
    )
    const argv = [
      'rds',
      'grant',
      '--engine',
      'postgres',
      '--db-user',
      'inherited',
      '--execute',
      '--connection',
      urlAs('heir_master'),
    ]
    const { json, exitCode } = await adminJson(argv, { env: { PGPASSWORD: 'h' } })
    expect([exitCode, json.error.code]).toEqual([3, 'REFUSED_LOCKOUT'])
    expect(json.error.message).toContain('"heir_master" is a member of "inherited" and inherits rds_iam')
    expect(await exists('inherited')).toBe(false)
  })

  describe('where somebody would be locked out', () => {
    test('refuses a user that may have a password, and grants it where that is understood', async () => {
      await run("CREATE ROLE app LOGIN PASSWORD 'p'")
      const refused = await grant('app')
      expect([refused.exitCode, refused.json.error.code]).toEqual([3, 'REFUSED_LOCKOUT'])
      expect(refused.json.error.message).toContain(
        '"app" is there already: if it has a password, that would no longer count',
      )
      expect(refused.json.error.message).toContain(
        `nothing was changed; make a user of its own for IAM, or add ${ACCEPT}`,
      )
      expect(await isMember('app')).toBe(false)
      const granted = await grant('app', ACCEPT)
      expect(granted.json).toMatchObject({
        outcome: 'granted',
        sql: ['GRANT rds_iam TO "app"'],
        withoutPasswordLogin: ['app'],
      })
      expect(granted.stderr).toContain('"app" no longer logs in by password')
      expect((await grant('app')).json).toMatchObject({ outcome: 'unchanged' })
    })

    test('refuses the master user who is connected', async () => {
      const { json, exitCode } = await grant('master')
      expect([exitCode, json.error.code]).toEqual([3, 'REFUSED_LOCKOUT'])
      expect(json.error.message).toContain(
        '"master" is who is connected here\n"master" is the master user, or as mighty (rds_superuser)',
      )
      expect(json.error.details.lockouts).toHaveLength(3)
    })

    test('refuses a user from which others inherit, through roles in between, and names them', async () => {
      await run(`CREATE ROLE owner_role LOGIN; CREATE ROLE between_roles NOLOGIN; CREATE ROLE "Batch job" LOGIN;
        GRANT owner_role TO between_roles; GRANT between_roles TO "Batch job"`)
      const { json } = await grant('owner_role')
      expect(json.error.message).toContain('"Batch job" is a member of "owner_role" and inherits rds_iam')
      expect(json.error.details.lockouts.map(({ user }: { user: string }) => user)).not.toContain('between_roles')
      const accepted = await grant('owner_role', ACCEPT)
      expect(accepted.json.withoutPasswordLogin).toEqual(['owner_role', 'Batch job'])
    })

    test('refuses a user of which a superuser was made a member, whom +rds_iam in pg_hba.conf counts too', async () => {
      await run("CREATE ROLE team LOGIN; CREATE ROLE mighty SUPERUSER LOGIN PASSWORD 'x'; GRANT team TO mighty")
      const asSuperuser = ['rds', 'grant', '--engine', 'postgres', '--db-user', 'team', '--execute', '--connection']
      const { json, exitCode } = await adminJson([...asSuperuser, urlAs('postgres')], {
        env: { PGPASSWORD: server().superuser.password },
      })
      expect([exitCode, json.error.code]).toEqual([3, 'REFUSED_LOCKOUT'])
      expect(json.error.details.lockouts.map(({ user }: { user: string }) => user)).toEqual(['mighty'])
      expect(await isMember('team')).toBe(false)
    })

    test('refuses a user that replicates', async () => {
      await run('CREATE ROLE replica LOGIN; GRANT rds_replication TO replica; CREATE ROLE streamer LOGIN REPLICATION')
      for (const user of ['replica', 'streamer'])
        expect((await grant(user)).json.error.message).toContain('may replicate, which takes a password unless')
    })

    test('sees that there is no password to lose where it may look', async () => {
      await run('CREATE ROLE passwordless LOGIN')
      const url = urlAs('postgres')
      const argv = [
        'rds',
        'grant',
        '--engine',
        'postgres',
        '--db-user',
        'passwordless',
        '--execute',
        '--connection',
        url,
      ]
      const { json } = await adminJson(argv, { env: { PGPASSWORD: server().superuser.password } })
      expect(json).toMatchObject({ outcome: 'granted', withoutPasswordLogin: [], notes: [] })
    })
  })

  describe('what no flag makes right', () => {
    test.each([
      ['group_role', 'CREATE ROLE group_role NOLOGIN', 'a role without LOGIN'],
      ['kerberos', 'CREATE ROLE kerberos LOGIN; GRANT rds_ad TO kerberos', 'by Kerberos or by IAM, not by both'],
      ['postgres', 'SELECT', 'it is a superuser of the server'],
    ])('refuses %s', async (user, sql, why) => {
      await run(sql)
      const { json, exitCode } = await grant(user, ACCEPT)
      expect([exitCode, json.error.code]).toEqual([3, 'REFUSED_DATABASE_USER'])
      expect(json.error.message).toContain(why)
      expect(json.error.suggestions.join()).not.toContain(MASTER_PASSWORD)
      expect(json.error.suggestions.join()).not.toContain('LOGIN')
    })
  })

  test('leaves a user that has rds_iam through another role as it is', async () => {
    await run(
      'CREATE ROLE iam_people NOLOGIN; GRANT rds_iam TO iam_people; CREATE ROLE kate LOGIN; GRANT iam_people TO kate',
    )
    expect((await grant('kate')).json).toMatchObject({ outcome: 'unchanged', sql: [] })
  })

  test('does not let in a role without LOGIN that has rds_iam, and says by which statement it would be', async () => {
    await run('CREATE ROLE "Iam-group" NOLOGIN; GRANT rds_iam TO "Iam-group"')
    const { stdout, stderr, exitCode } = await admin(words('Iam-group'), { env: { PGPASSWORD: MASTER_PASSWORD } })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching('^"Iam-group" was left as it is'),
    })
    expect(stderr).toMatch(/warning: .*without LOGIN.*\n.*ALTER ROLE "Iam-group" LOGIN/i)
    expect((await grant('Iam-group')).json).toMatchObject({
      ...{ outcome: 'unchanged', sql: [] },
      warnings: [expect.stringContaining('ALTER ROLE "Iam-group" LOGIN')],
    })
    expect(await run(`SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = 'Iam-group'`)).toEqual([{ may: false }])
  })

  test('explains a user whose rights do not suffice, and leaves nothing', async () => {
    await run("CREATE ROLE weak LOGIN PASSWORD 'w'; CREATE ROLE half LOGIN CREATEROLE PASSWORD 'w'")
    for (const user of ['weak', 'half']) {
      const argv = [
        'rds',
        'grant',
        '--engine',
        'postgres',
        '--db-user',
        'nobodys',
        '--execute',
        '--connection',
        urlAs(user),
      ]
      const { json, exitCode } = await adminJson(argv, { env: { PGPASSWORD: 'w' } })
      expect([exitCode, json.error.code]).toEqual([6, 'DENIED_DATABASE'])
      expect(json.error.message).toMatch(/permission denied to (create|grant) role.*connect as the master user/s)
      expect(await exists('nobodys')).toBe(false)
    }
  })

  test('notes that there is a user whose name differs in letter case alone', async () => {
    await run('CREATE ROLE "Mixed" LOGIN')
    expect((await grant('mixed')).json.notes).toContainEqual(
      'there is also "Mixed": the name in a token and in a policy counts in exactly its letter case',
    )
  })

  test('two at once make one user, and each says what it did or that it is to be run again', async () => {
    const runs = await Promise.all([grant('race'), grant('race'), grant('race')])
    expect(runs.map(({ exitCode }) => exitCode).filter((code) => code !== 0 && code !== 7)).toEqual([])
    expect(runs.filter(({ json }) => json.outcome === 'created')).toHaveLength(1)
    expect((await grant('race')).json.outcome).toBe('unchanged')
  })

  describe('the password', () => {
    const url = () => urlAs('master').replace('master@', `master:${MASTER_PASSWORD}@`)
    const start = (connection: string) => [
      'rds',
      'grant',
      '--engine',
      'postgres',
      '--db-user',
      'prompted',
      '--execute',
      '--connection',
      connection,
    ]

    test('in the command line works and is warned of', async () => {
      const { exitCode, stderr, stdout } = await admin(start(url()))
      expect(exitCode).toBe(0)
      expect(stderr).toContain('Warning: the password of the database stands in the command line')
      expect(stdout + stderr).not.toContain(MASTER_PASSWORD)
    })

    test('may stand in a password file, which nobody else may read', async () => {
      const file = join(directory, 'pgpass')
      writeFileSync(file, `localhost:*:*:master:${MASTER_PASSWORD}\n`, { mode: 0o600 })
      expect((await admin(start(urlAs('master')), { env: { PGPASSFILE: file } })).exitCode).toBe(0)
      chmodSync(file, 0o644)
      const { json, exitCode } = await adminJson(start(urlAs('master')), { env: { PGPASSFILE: file } })
      expect([exitCode, json.error.code]).toEqual([6, 'DENIED_FILE'])
    })

    test('that is nowhere is asked for at a terminal, and not shown; without one it is exit 6', async () => {
      const steps = [{ expect: 'Password for postgres://master@' }, { send: `${MASTER_PASSWORD}${keys.enter}` }]
      const { screen, exitCode } = await atTerminal(start(urlAs('master')), steps, { env: {} })
      expect(exitCode).toBe(0)
      expect(screen).not.toContain(MASTER_PASSWORD)
      const { json } = await adminJson(start(urlAs('master')))
      expect(json.error).toMatchObject({
        code: 'DENIED_DATABASE',
        message: expect.stringContaining('keep it in ~/.pgpass'),
      })
    })

    test('does not help where there is no such database, which is exit 4', async () => {
      const nowhere = start(urlAs('master').replace('/postgres', '/nowhere'))
      const { json, exitCode } = await adminJson(nowhere, { env: { PGPASSWORD: MASTER_PASSWORD } })
      expect([exitCode, json.error.code]).toEqual([4, 'NOT_FOUND_DATABASE'])
      expect(json.error.message).toContain('there is no such database at postgres://master@localhost')
    })

    test('that is wrong is explained as every error of a database', async () => {
      const { json, exitCode } = await adminJson(start(urlAs('master')), { env: { PGPASSWORD: 'wrong' } })
      expect([exitCode, json.error.code]).toEqual([6, 'DENIED_DATABASE'])
      expect(json.error.message).toContain('does not let this user in: password authentication failed')
      expect(json.error.details.knownError).toBe('postgres-password-refused')
    })
  })

  test('is meant by each name exactly: what a server makes of the SQL is the name that was given', async () => {
    const hostile = fc.string({
      minLength: 1,
      maxLength: 15,
      unit: fc.constantFrom('"', "'", '\\', ';', '-', ' ', 'A', 'a', '$', '@', 'é', '\n', '%'),
    })
    const names = fc.sample(hostile, 40).map((name) => `q${name}`)
    const client = new pg.Client(server().url('postgres', server().superuser))
    await client.connect()
    for (const name of new Set([...names, 'user', 'SELECT', 'a"; DROP ROLE master; --'])) {
      await client.query('BEGIN')
      for (const statement of createStatements('postgres', name)) await client.query(statement)
      const { rows } = await client.query("SELECT pg_has_role($1, 'rds_iam', 'MEMBER') AS is", [name])
      expect(rows).toEqual([{ is: true }])
      await client.query('ROLLBACK')
    }
    await client.end()
    expect(identifier('a"b')).toBe('"a""b"')
  })
})

describePostgres('admin rds grant --execute on a PostgreSQL that is not of RDS', (server) => {
  const grant = (server: PostgresServer) => {
    const url = `postgres://postgres@localhost:${server.port}/postgres`
    const argv = ['rds', 'grant', '--engine', 'postgres', '--db-user', 'jane', '--execute', '--connection', url]
    return adminJson(argv, { env: { PGPASSWORD: server.superuser.password } })
  }

  test('without TLS is explained once, and each suggestion is made once', async () => {
    const url = `postgres://postgres@localhost:${server().port}/postgres?sslmode=require`
    const argv = ['rds', 'grant', '--engine', 'postgres', '--db-user', 'jane', '--execute', '--connection', url]
    const { message, suggestions } = (await adminJson(argv, { env: { PGPASSWORD: 'x' } })).json.error
    expect(message.match(/most likely/g)).toHaveLength(1)
    expect(suggestions).toEqual([...new Set(suggestions)])
  })

  test('says that rds_iam is missing, and how IAM authentication is switched on', async () => {
    const { json, exitCode } = await grant(server())
    expect([exitCode, json.error.code]).toEqual([3, 'REFUSED_ENGINE'])
    expect(json.error.message).toContain('has no role "rds_iam": it does not look like RDS or Aurora')
    expect(json.error.suggestions).toEqual(['admin provision enable-iam-database-authentication DATABASE --dry-run'])
    await server().query('postgres', 'CREATE ROLE rds_superuser NOLOGIN')
    expect((await grant(server())).json.error.message).toContain('it is on RDS, without IAM authentication')
    expect(await server().query('postgres', "SELECT FROM pg_roles WHERE rolname = 'jane'")).toEqual([])
  })
})

describePostgres(
  'admin rds grant --execute over TLS',
  (server) => {
    const run = (parameters: string, host = 'localhost') => {
      const url = `postgres://postgres@${host}:${server().port}/postgres${parameters}`
      const argv = ['rds', 'grant', '--engine', 'postgres', '--db-user', 'jane', '--execute', '--connection', url]
      return adminJson(argv, { env: { PGPASSWORD: server().superuser.password } })
    }

    test('takes the right authority and the right name, and no other', async () => {
      const right = `?sslmode=verify-full&sslrootcert=${server().caFile}`
      expect((await run(right)).json.error.code).toBe('REFUSED_ENGINE')
      expect((await run(right, '127.0.0.1')).json.error).toMatchObject({ code: 'DENIED_DATABASE' })
      const untrusted = await run('?sslmode=verify-full')
      expect(untrusted.json.error).toMatchObject({
        code: 'DENIED_DATABASE',
        details: { knownError: 'certificate-untrusted' },
      })
      const none = await run('?sslmode=disable')
      expect(none.json.error).toMatchObject({
        code: 'DENIED_DATABASE',
        details: { knownError: 'postgres-without-tls' },
      })
    })
  },
  { isTls: true, accessRules: ['hostnossl all all all reject'] },
)
