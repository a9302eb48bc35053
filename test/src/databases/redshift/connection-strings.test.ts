import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Instant } from '../../../../src/clock.ts'
import {
  envLines,
  jdbcUrl,
  ODBC_DRIVER,
  odbcLengthProblem,
  odbcString,
  psqlLine,
} from '../../../../src/databases/redshift/connection-strings.ts'
import type { RedshiftCredentials } from '../../../../src/databases/redshift/redshift-credentials.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../support/postgres-server.ts'

const credentials: RedshiftCredentials = {
  dbUser: 'IAMA:analyst:readers',
  dbPassword: 'plain',
  expiration: '2027-03-01T09:45:00Z' as Instant,
  host: 'demo.abc.us-east-1.redshift.amazonaws.com',
  port: 5439,
  database: 'dev',
  cached: false,
}

/** What ends a word, a value or a line somewhere. */
const hostile = [
  'a"b\'c`d$e\\f',
  "'; rm -rf / #",
  '$(touch /tmp/x) $HOME !! ~',
  'a b&c;d=e?f#g/h%41+i',
  '{braces}} and }',
  '}',
  '=first',
  '-first',
  'ünïcödé ✓',
  '  spaces  ',
  '\\',
  "\\'",
]
const passwords = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' }),
)

function atItself({ host, port }: RedshiftCredentials) {
  return { host, addresses: [] as readonly string[], port }
}

function settings(dbPassword: string, more: Partial<RedshiftCredentials> = {}) {
  const login = { ...credentials, dbPassword, ...more }
  return { credentials: login, address: atItself(login), rootCertificates: 'system', odbcDriver: ODBC_DRIVER }
}

describe('lines for eval', () => {
  test.each(hostile)('say %j to the shell as it is', (password) => {
    const script = `${envLines(settings(password))}\nprintf '%s|%s|%s' "$PGUSER" "$PGPASSWORD" "$PGSSLMODE"`
    const seen = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: {} })
    expect(seen).toBe(`IAMA:analyst:readers|${password}|verify-full`)
  })

  test('are these', () => {
    expect(envLines(settings('plain')).split('\n')).toEqual([
      'unset PGHOSTADDR PGSERVICE',
      'export PGHOST=demo.abc.us-east-1.redshift.amazonaws.com',
      'export PGPORT=5439',
      'export PGDATABASE=dev',
      'export PGUSER=IAMA:analyst:readers',
      'export PGPASSWORD=plain',
      'export PGSSLMODE=verify-full',
      'export PGSSLROOTCERT=system',
    ])
  })
})

describe('a URL for JDBC', () => {
  test('gives the driver back what went in, whatever the password', () => {
    fc.assert(
      fc.property(passwords, (password) => {
        expect(asTheDriverReads(jdbcUrl(settings(password)))).toEqual({
          user: 'IAMA:analyst:readers',
          password,
          ssl: 'true',
          sslMode: 'verify-full',
        })
      }),
    )
  })

  test('begins with host, port and database', () => {
    const url = jdbcUrl(settings('x', { database: 'dev@home' }))
    expect(url).toMatch(/^jdbc:redshift:\/\/demo\.abc\.us-east-1\.redshift\.amazonaws\.com:5439\/dev%40home\?/)
  })
})

describe('a string for ODBC', () => {
  test('gives a reader of braces back what went in, whatever the password', () => {
    fc.assert(
      fc.property(passwords, (password) => {
        expect(attributesOf(odbcString(settings(password)))).toEqual({
          Driver: ODBC_DRIVER,
          Server: credentials.host,
          Port: '5439',
          Database: 'dev',
          UID: 'IAMA:analyst:readers',
          PWD: password,
          SSLMode: 'verify-full',
        })
      }),
    )
  })

  test('is warned about from 1,025 characters on, for the driver cuts it off', () => {
    const text = odbcString(settings('x'))
    const longest = odbcString(settings('x'.repeat(1025 - text.length)))
    expect([longest.length, odbcLengthProblem(longest)]).toEqual([1024, null])
    const problem = odbcLengthProblem(`${longest}x`)
    expect(problem).toContain('has 1025 characters, and the ODBC driver of Redshift cuts off what is over 1024')
    expect(problem).not.toContain('xxx')
  })
})

const hasPsql = execFileSync('sh', ['-c', 'command -v psql || true'], { encoding: 'utf8' }) !== ''
const whyNot = whyNoPostgres ?? (hasPsql ? null : 'there is no psql on PATH')
if (whyNot !== null) process.stderr.write(`SKIPPED, logins of psql on a real PostgreSQL: ${whyNot}\n`)

;(whyNot === null ? describe : describe.skip)('psql on a real PostgreSQL with TLS', () => {
  let server: PostgresServer
  const user = 'IAMA:analyst:readers'
  beforeAll(async () => {
    server = await startPostgres({ isTls: true, certificateNames: [credentials.host] })
  }, 60_000)
  afterAll(() => server?.remove())

  function here(dbPassword: string, host = 'localhost') {
    const login = { ...credentials, dbPassword, host, port: server.port, database: 'postgres' }
    return { credentials: login, address: atItself(login), rootCertificates: server.caFile, odbcDriver: '' }
  }

  test.each(hostile)('logs in with the password %j by either form', async (password) => {
    const quoted = password.replaceAll("'", "''")
    await server.query('postgres', `DROP ROLE IF EXISTS "${user}"`)
    await server.query('postgres', `SET standard_conforming_strings = on`)
    await server.query('postgres', `CREATE ROLE "${user}" LOGIN PASSWORD '${quoted}'`)
    const ask = `-XAtc 'SELECT current_user'`
    expect(shell(`${envLines(here(password))}\npsql ${ask}`)).toBe(`${user}\n`)
    expect(shell(`${psqlLine(here(password))} ${ask}`)).toBe(`${user}\n`)
  })

  test('is led nowhere else by what the environment had', async () => {
    const stale = 'export PGHOSTADDR=203.0.113.1 PGSERVICE=nowhere PGCONNECT_TIMEOUT=2'
    await server.query('postgres', `DROP ROLE IF EXISTS "${user}"`)
    await server.query('postgres', `CREATE ROLE "${user}" LOGIN PASSWORD 'plain'`)
    const ask = `-XAtc 'SELECT current_user'`
    expect(shell(`${stale}\n${envLines(here('plain'))}\npsql ${ask}`)).toBe(`${user}\n`)
    expect(shell(`${stale}\n${psqlLine(here('plain'))} ${ask}`)).toBe(`${user}\n`)
  })

  test('does not talk to a server of another name', () => {
    expect(() => shell(`${psqlLine(here('x', '127.0.0.1'))} -XAtc 'SELECT 1' 2>&1`)).toThrow()
    expect(shell(`${psqlLine(here('x', '127.0.0.1'))} -XAtc 'SELECT 1' 2>&1 || true`)).toContain(
      'does not match host name',
    )
  })

  test('at the end of a tunnel sees by the certificate that the endpoint answers, at whichever address it does', async () => {
    await server.query('postgres', `DROP ROLE IF EXISTS "${user}"`)
    await server.query('postgres', `CREATE ROLE "${user}" LOGIN PASSWORD 'plain'`)
    const ask = `-XAtc 'SELECT current_user'`
    for (const addresses of [['127.0.0.1'], ['127.0.0.99', '127.0.0.1']]) {
      const settings = { ...here('plain'), address: { ...credentials, addresses, port: server.port } }
      expect(shell(`${envLines(settings)}\npsql ${ask}`)).toBe(`${user}\n`)
      expect(shell(`${psqlLine(settings)} ${ask}`)).toBe(`${user}\n`)
      const other = { ...settings, address: { ...settings.address, host: 'other.redshift.amazonaws.com' } }
      expect(shell(`${envLines(other)}\npsql ${ask} 2>&1 || true`)).toContain('does not match host name')
    }
  })

  test('has the password in no list of processes', () => {
    const script = `ps() { :; }; psql() { tr '\\0' ' ' < /proc/$$/cmdline; printf '%s|' "$@"; }; ${psqlLine(here('hunter2'))}`
    const seen = execFileSync('bash', ['-s'], { input: script, encoding: 'utf8' })
    expect(seen).not.toContain('hunter2')
    expect(seen).toContain('host=localhost')
  })
})

function shell(script: string): string {
  return execFileSync('sh', ['-s'], {
    input: script,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: '/' },
  })
}

/** aws/amazon-redshift-jdbc-driver, Driver.parseURL and URLCoder: cut at the first `?`, apart at `&` and `;`, decoded as forms are. */
function asTheDriverReads(url: string) {
  const [, args = ''] = url.split(/\?(.*)/s)
  const tokens = args.split(/[;&]/).map((token) => token.split(/=(.*)/s))
  return Object.fromEntries(tokens.map(([name, value = '']) => [name, decodeURIComponent(value.replaceAll('+', ' '))]))
}

/** ODBC Programmer's Reference: `name=value;`, and in braces until a brace that is not doubled. */
function attributesOf(text: string) {
  const found = [...text.matchAll(/([^=;]+)=(?:\{((?:[^}]|\}\})*)\}|([^;]*));/gs)]
  expect(found.map(([whole]) => whole).join('')).toBe(text)
  return Object.fromEntries(found.map(([, name, braced, plain]) => [name, braced?.replaceAll('}}', '}') ?? plain]))
}
