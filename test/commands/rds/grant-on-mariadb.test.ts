import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseMysqlLocation } from '../../../src/connection/mysql-location.ts'
import { withMysqlServer } from '../../../src/database-servers/mysql.ts'
import { grantOnMysql } from '../../../src/databases/iam-users/grant-on-mysql.ts'
import { createStatements, literal } from '../../../src/databases/iam-users/statements.ts'
import { adminJson, type RunOptions } from '../../support/admin.ts'
import { describeMariadb } from '../../support/mariadb-server.ts'

/** MariaDB's own, always there; it takes any text behind AS, as that of AWS does. */
const STAND_IN = 'unix_socket'

describeMariadb('admin rds grant --execute on MariaDB', (server) => {
  const url = (parameters = '', user = 'master') => `mariadb://${user}@localhost:${server().port}${parameters}`
  const run = async (connection: string, options: RunOptions = {}, engine = 'mariadb') => {
    const argv = ['rds', 'grant', '--engine', engine, '--db-user', 'jane', '--execute', '--connection', connection]
    const result = await adminJson(argv, { env: { MYSQL_PWD: server().password }, ...options })
    expect(result.stdout + result.stderr).not.toContain(server().password)
    return { exitCode: result.exitCode, ...result.json.error, stderr: result.stderr }
  }
  const accounts = (user: string) =>
    server().query('SELECT Host, plugin, ssl_type FROM mysql.user WHERE BINARY User = ? ORDER BY Host', [user])

  test('says that the server has no AWSAuthenticationPlugin, and how IAM authentication is switched on', async () => {
    const refused = await run(url())
    expect(refused).toMatchObject({
      exitCode: 3,
      code: 'REFUSED_ENGINE',
      message: expect.stringMatching(/\(MariaDB 1\d\.\d+.*\) has no active plugin "AWSAuthenticationPlugin"/),
      suggestions: ['admin provision enable-iam-database-authentication DATABASE --dry-run'],
    })
    expect(await accounts('jane')).toEqual([])
  })

  test('says that the server is MariaDB where --engine says mysql', async () => {
    const refused = await run(url().replace('mariadb:', 'mysql:'), {}, 'mysql')
    expect(refused).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/is MariaDB .*, and --engine says mysql/),
    })
    expect(refused.suggestions[0]).toContain('--engine mariadb')
  })

  test('explains who is not let in, with the words of the table', async () => {
    expect(await run(url(), { env: { MYSQL_PWD: 'wrong' } })).toMatchObject({
      exitCode: 6,
      code: 'DENIED_DATABASE',
      details: { knownError: 'mysql-login-refused' },
    })
    await server().query("CREATE USER weak@'%' IDENTIFIED BY 'w'")
    const rightless = await run(url('', 'weak'), { env: { MYSQL_PWD: 'w' } })
    expect(rightless).toMatchObject({ exitCode: 3, code: 'REFUSED_ENGINE' })
  })

  test('over a socket needs no TLS, and warns of a password in the command line', async () => {
    const socket = `mariadb://master:${server().password}@localhost?socket=${server().socket}`
    const { code, stderr } = await run(socket, { env: {} })
    expect(code).toBe('REFUSED_ENGINE')
    expect(stderr).toContain('Warning: the password of the database stands in the command line')
  })

  test('over TLS takes the right authority and the right name, and no other', async () => {
    const right = `?sslmode=verify-full&sslrootcert=${server().caFile}`
    expect((await run(url(right))).code).toBe('REFUSED_ENGINE')
    expect((await run(url('?sslmode=verify-full'))).code).toBe('DENIED_DATABASE')
    expect((await run(url(right).replace('localhost', '127.0.0.1'))).code).toBe('INVALID_DATABASE')
    expect((await run(url('?sslmode=require'))).code).toBe('REFUSED_ENGINE')
    await server().query("CREATE USER strict@'%' IDENTIFIED BY 's' REQUIRE SSL")
    expect((await run(url('?sslmode=disable', 'strict'), { env: { MYSQL_PWD: 's' } })).code).toBe('DENIED_DATABASE')
    expect((await run(url('', 'strict'), { env: { MYSQL_PWD: 's' } })).code).toBe('REFUSED_ENGINE')
  })

  test('with sslmode=allow asks for TLS where the server insists on it', async () => {
    await server().query('SET GLOBAL require_secure_transport = ON')
    try {
      expect((await run(url('?sslmode=disable'))).code).toBe('DENIED_DATABASE')
      expect((await run(url('?sslmode=allow'))).code).toBe('REFUSED_ENGINE')
      expect((await run(url('?sslmode=allow'), { env: { MYSQL_PWD: 'wrong' } })).code).toBe('DENIED_DATABASE')
    } finally {
      await server().query('SET GLOBAL require_secure_transport = OFF')
    }
  })
})

describeMariadb(
  `the whole way on a real MariaDB, which has no plugin of AWS: ${STAND_IN} stands in for it`,
  (server) => {
    const grant = (dbUser: string, mayTakePasswordLogin = false) => {
      const url = `mariadb://master@localhost:${server().port}`
      const location = parseMysqlLocation(url, { MYSQL_PWD: server().password }, async () => '')
      const work = (target: Parameters<typeof grantOnMysql>[0]) =>
        grantOnMysql(target, 'mariadb', { dbUser, mayTakePasswordLogin }, STAND_IN)
      return withMysqlServer(location, work, STAND_IN)
    }
    const accounts = (user: string) =>
      server().query('SELECT Host, plugin, ssl_type FROM mysql.user WHERE BINARY User = ? ORDER BY Host', [user])

    test('creates a user that was not there, with TLS required, and the second time changes nothing', async () => {
      const sql = [`CREATE USER 'Jane'@'%' IDENTIFIED WITH ${STAND_IN} AS 'RDS' REQUIRE SSL`]
      expect(await grant('Jane')).toMatchObject({ outcome: 'created', sql, withoutPasswordLogin: [], executed: true })
      expect(await accounts('Jane')).toEqual([{ Host: '%', plugin: STAND_IN, ssl_type: 'ANY' }])
      expect(await grant('Jane')).toMatchObject({ outcome: 'unchanged', sql: [] })
      expect(await grant('jane')).toMatchObject({
        outcome: 'created',
        notes: [expect.stringContaining('there is also "Jane"')],
      })
    })

    test('refuses where an account has a password, and changes all of that name where that is understood', async () => {
      await server().query("CREATE USER app@'%' IDENTIFIED BY 'p', app@'10.%' IDENTIFIED BY 'p'")
      await expect(grant('app')).rejects.toMatchObject({
        code: 'REFUSED_LOCKOUT',
        message: expect.stringContaining('"app@10.%" logs in by "mysql_native_password", which would no longer count'),
      })
      expect((await accounts('app')).map(({ plugin }) => plugin)).toEqual(Array(2).fill('mysql_native_password'))
      expect(await grant('app', true)).toMatchObject({
        outcome: 'granted',
        withoutPasswordLogin: ['app@%', 'app@10.%'],
      })
      expect((await accounts('app')).map(({ plugin, ssl_type }) => [plugin, ssl_type])).toEqual(
        Array(2).fill([STAND_IN, 'ANY']),
      )
      expect(await grant('app')).toMatchObject({ outcome: 'unchanged' })
    })

    test.each([
      ['X509', 'X509'],
      ["SUBJECT '/CN=jane' AND ISSUER '/CN=authority'", 'SPECIFIED'],
    ])('leaves REQUIRE %s as it is, which is stricter than TLS alone, and says so', async (clause, ssl_type) => {
      const name = `strict ${ssl_type}`
      await server().query(`CREATE USER ${literal(name)}@'%' IDENTIFIED BY 'p' REQUIRE ${clause}`)
      expect(await grant(name, true)).toMatchObject({
        outcome: 'granted',
        sql: [`ALTER USER '${name}'@'%' IDENTIFIED WITH ${STAND_IN} AS 'RDS'`],
        notes: [expect.stringContaining(`"${name}@%" still asks for more than TLS and a token`)],
      })
      expect(await accounts(name)).toEqual([{ Host: '%', plugin: STAND_IN, ssl_type }])
      expect(await grant(name)).toMatchObject({ outcome: 'unchanged', sql: [], notes: [expect.anything()] })
    })

    test('says what was done and what not where a later account fails, and does the rest the next time', async () => {
      await server().query("CREATE USER half@'%' IDENTIFIED BY 'p', half@'10.%' IDENTIFIED BY 'p'")
      const location = parseMysqlLocation(
        `mariadb://master@localhost:${server().port}`,
        { MYSQL_PWD: server().password },
        async () => '',
      )
      const work = (target: Parameters<typeof grantOnMysql>[0]) => {
        const run = async (statement: string) => {
          if (statement.includes('10.%')) await server().query("DROP USER half@'10.%'")
          await target.run(statement)
        }
        return grantOnMysql({ ...target, run }, 'mariadb', { dbUser: 'half', mayTakePasswordLogin: true }, STAND_IN)
      }
      const failure = await withMysqlServer(location, work, STAND_IN).catch((error) => error)
      const statement = (host: string) => `ALTER USER 'half'@'${host}' IDENTIFIED WITH ${STAND_IN} AS 'RDS' REQUIRE SSL`
      expect(failure).toMatchObject({
        code: 'PARTIAL',
        exitCode: 8,
        message: expect.stringContaining(
          `done: ${statement('%')}\nnot done: ${statement('10.%')}\nsomebody else changes`,
        ),
        details: { done: [statement('%')], notDone: [statement('10.%')] },
      })
      expect(failure.message).not.toContain('nothing was changed')
      await server().query("CREATE USER half@'10.%' IDENTIFIED BY 'p'")
      expect(await grant('half', true)).toMatchObject({ outcome: 'granted', sql: [statement('10.%')] })
    })

    test('refuses who is connected, and the master user', async () => {
      await expect(grant('master')).rejects.toMatchObject({
        code: 'REFUSED_LOCKOUT',
        message: expect.stringMatching(/"master@%" is who is connected here\n"master@%" may make users/),
      })
    })

    test('adds TLS to a user that had the plugin without it', async () => {
      await server().query(`CREATE USER bare@'%' IDENTIFIED WITH ${STAND_IN} AS 'RDS'`)
      expect(await grant('bare')).toMatchObject({ outcome: 'granted', withoutPasswordLogin: [] })
      expect(await accounts('bare')).toEqual([{ Host: '%', plugin: STAND_IN, ssl_type: 'ANY' }])
    })

    test('refuses a certificate for another name, unless only who signed it is to be checked', async () => {
      const connecting = (mode: string) => {
        const url = `mysql://master@localhost:${server().port}?sslmode=${mode}&sslrootcert=${server().caFile}`
        const location = parseMysqlLocation(url, { MYSQL_PWD: server().password }, async () => '')
        return withMysqlServer(location, async (target) => (await target.facts()).engine)
      }
      await expect(connecting('verify-full')).rejects.toMatchObject({
        code: 'DENIED_DATABASE',
        details: { knownError: 'certificate-name' },
      })
      expect(await connecting('verify-ca')).toBe('mariadb')
    })

    test('refuses a role', async () => {
      await server().query('CREATE ROLE readers')
      await expect(grant('readers')).rejects.toMatchObject({ code: 'REFUSED_DATABASE_USER' })
    })

    test('explains a server that takes no changes, and a user who may not make users', async () => {
      await server().query('SET GLOBAL read_only = ON')
      try {
        await expect(grant('late')).rejects.toMatchObject({ code: 'REFUSED_READ_ONLY' })
      } finally {
        await server().query('SET GLOBAL read_only = OFF')
      }
      await server().query("CREATE USER watcher@'%' IDENTIFIED BY 'w'")
      const watcher = parseMysqlLocation(
        `mysql://watcher@localhost:${server().port}`,
        { MYSQL_PWD: 'w' },
        async () => '',
      )
      const work = (target: Parameters<typeof grantOnMysql>[0]) =>
        grantOnMysql(target, 'mariadb', { dbUser: 'x', mayTakePasswordLogin: false }, STAND_IN)
      await expect(withMysqlServer(watcher, work, STAND_IN)).rejects.toMatchObject({
        code: 'DENIED_DATABASE',
        message: expect.stringContaining('connect as the master user'),
      })
    })

    const createAndDrop = async (name: string) => {
      for (const statement of createStatements('mariadb', name, STAND_IN)) await server().query(statement)
      expect(await accounts(name)).toHaveLength(1)
      await server().query(`DROP USER ${literal(name)}@'%'`)
    }

    test('means each name exactly, whatever is in it', async () => {
      const unit = fc.constantFrom('"', "'", '`', ';', '-', ' ', 'A', 'a', '$', '@', 'é', '%', '_')
      const names = new Set(fc.sample(fc.string({ minLength: 1, maxLength: 15, unit }), 30).map((name) => `q${name}q`))
      try {
        for (const mode of ['', 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES']) {
          await server().query(`SET GLOBAL sql_mode = '${mode}'`)
          for (const name of [...names, "a'; DROP USER master; -- q"]) await createAndDrop(name)
        }
      } finally {
        await server().query('SET GLOBAL sql_mode = DEFAULT')
      }
      expect(() => createStatements('mysql', 'a\\')).toThrow(RangeError)
    })
  },
  'db.example.com',
)

describe('the SQL for AWS', () => {
  test('differs from what ran there in the name of the plugin alone', () => {
    const [ours = ''] = createStatements('mariadb', 'jane')
    expect(createStatements('mariadb', 'jane', STAND_IN)).toEqual([ours.replace('AWSAuthenticationPlugin', STAND_IN)])
  })
})
