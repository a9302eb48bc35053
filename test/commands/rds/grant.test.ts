import { describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'

const grant = (engine: string, dbUser: string, ...more: readonly string[]) => [
  'rds',
  'grant',
  '--engine',
  engine,
  '--db-user',
  dbUser,
  ...more,
]

describe('admin rds grant without --execute', () => {
  test.each([
    ['postgres', 'jane', ['CREATE USER "jane"', 'GRANT rds_iam TO "jane"']],
    ['postgres', 'Jane.Doe@corp', ['CREATE USER "Jane.Doe@corp"', 'GRANT rds_iam TO "Jane.Doe@corp"']],
    ['postgres', 'select', ['CREATE USER "select"', 'GRANT rds_iam TO "select"']],
    ['mysql', 'jane', ["CREATE USER 'jane'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL"]],
    ['mariadb', 'a$b-c', ["CREATE USER 'a$b-c'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL"]],
  ])('prints the SQL of %s for %s', async (engine, dbUser, sql) => {
    expect(await adminJson(grant(engine, dbUser))).toMatchObject({
      exitCode: 0,
      json: { engine, dbUser, sql, executed: false },
    })
    const text = await admin(grant(engine, dbUser))
    expect(text).toMatchObject({ exitCode: 0, stdout: `${sql.map((line) => `${line};`).join('\n')}\n` })
    expect(text.stderr).toContain(`"${dbUser}" does not log in by password any more once this has run`)
    expect(text.stderr).toContain('only --execute looks first for who would be locked out')
    expect(text.stderr).not.toContain('master user')
  })

  test('warns where the name is usually that of the master user, whom psql would go on to lock out', async () => {
    const { stdout, stderr, exitCode } = await admin(grant('postgres', 'postgres'))
    expect([exitCode, stdout]).toEqual([0, 'CREATE USER "postgres";\nGRANT rds_iam TO "postgres";\n'])
    expect(stderr).toMatch(/warning: "postgres" is what the master user is usually called/i)
    expect(stderr).toContain('--set ON_ERROR_STOP=1')
    expect((await admin(grant('mysql', 'admin'))).stderr).not.toMatch(/warning|ON_ERROR_STOP/i)
  })

  test('says of a name of MySQL with an @ that it is one name', async () => {
    expect((await admin(grant('mysql', 'jane@corp'))).stderr).toContain('"jane@corp" is the name as a whole')
    expect((await admin(grant('postgres', 'jane@corp'))).stderr).not.toContain('as a whole')
  })

  test.each([
    ['postgres', 'public', 'the server keeps this name'],
    ['postgres', 'pg_jane', 'the server keeps this name'],
    ['postgres', 'rds_superuser', 'belongs to RDS itself'],
    ['mysql', 'rdsadmin', 'belongs to RDS itself'],
    ['mysql', 'mysql.sys', 'the server keeps this name'],
    ['mysql', 'j'.repeat(33), 'MySQL allows 32'],
    ['mysql', 'jane@localhost', 'say "jane" without @localhost'],
    ['mariadb', 'jane@10.0.0.1', 'say "jane" without @10.0.0.1'],
    ['postgres', 'j'.repeat(64), 'at most 63'],
    ['postgres', 'ja"ne', 'expected letters'],
    ['mysql', "ja'ne", 'expected letters'],
    ['mysql', 'ja\\ne', 'expected letters'],
    ['postgres', '*', 'wildcard'],
    ['postgres', '', 'it is empty'],
  ])('refuses for %s the user %j: %s', async (engine, dbUser, why) => {
    const { json, exitCode } = await adminJson(grant(engine, dbUser))
    expect([exitCode, json.error.code]).toEqual([2, 'INVALID_DATABASE_USER'])
    expect(json.error.message).toContain(why)
  })
})

describe('admin rds grant with a connection', () => {
  test.each(['postgres', 'mysql'])(
    'to %s says where the certificates are to be had that are not there',
    async (engine) => {
      const url = `${engine}://a@demo.cluster-abcdefghijkl.cn-north-1.rds.amazonaws.com.cn?sslmode=verify-full&sslrootcert=/none/a.pem`
      const { json, exitCode } = await adminJson(grant(engine, 'jane', '--execute', '--connection', url))
      expect([exitCode, json.error.code]).toEqual([4, 'NOT_FOUND_FILE'])
      expect(json.error.suggestions).toEqual([
        'curl --fail --create-dirs --output /none/a.pem https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem',
      ])
    },
  )

  test('as the help has it goes as far as the certificates, and the help says that it needs no more flags', async () => {
    const { stdout } = await admin(['rds', 'grant', '--help'])
    const [, url = ''] = /--connection\s+'([^']+)'/.exec(stdout) ?? []
    const argv = grant('postgres', 'jane', '--execute', '--connection', url.replace(/\s+/g, ''))
    expect((await adminJson(argv)).json.error.message).toContain('there is no certificate file global-bundle.pem')
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '[--execute --connection URL [--i-understand-that-passwords-stop-working]]',
    )
  })

  test.each([
    [['--execute'], 'USAGE_FLAG'],
    [['--connection', 'postgres://a@b/c'], 'USAGE_FLAG'],
    [['--execute', '--connection', 'mysql://a:hunter2@b'], 'USAGE_FLAG'],
    [['--execute', '--connection', 'b'], 'USAGE_FLAG'],
    [['--execute', '--connection', 'postgres://a:hunter2@b:x/c'], 'INVALID_DATABASE'],
    [['--execute', '--connection', 'postgres://a:hunter2@b/c?sslmod=x'], 'INVALID_DATABASE'],
    [['--execute', '--connection', 'postgres://a:x?hunter2@b/c'], 'INVALID_DATABASE'],
    [['--execute', '--connection', 'postgres://a:hunter2@b/c?iam=1&sslmode=prefer'], 'INVALID_DATABASE'],
  ])('refuses %j with %s, and repeats no password', async (flags, code) => {
    const { json, exitCode, stdout, stderr } = await adminJson(grant('postgres', 'jane', ...flags))
    expect([exitCode, json.error.code]).toEqual([2, code])
    expect(json.error.message).toContain('nothing was changed')
    expect(stdout + stderr).not.toContain('hunter2')
  })

  test.each(['postgres', 'mysql', 'mariadb'])('to %s says when nobody answers, with exit 7', async (engine) => {
    const url = `${engine}://a@localhost:9/postgres`
    const { json, exitCode } = await adminJson(grant(engine, 'jane', '--execute', '--connection', url), {
      env: { PGPASSWORD: 'x', MYSQL_PWD: 'x' },
    })
    expect([exitCode, json.error.code]).toEqual([7, 'UNAVAILABLE_DATABASE'])
    expect(json.error.message).toContain('is the server running?')
  })
})
