import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { asEnv, asMyCnf, asPgpass, asUri, type ClientLogin } from '../../../src/databases/token-formats.ts'
import { temporaryDirectory } from '../../support/admin.ts'
import { testWithMysqlClient, testWithPsql } from '../../support/database-clients.ts'

const directory = temporaryDirectory()
const host = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'

/** What a token may be made of, and what would break out of each format if it ever were. */
const token = `${host}:5432/?Action=connect&DBUser=a%3Ab%5Cc&X-Amz-Signature=5e%2F+=~_-.`
const hostile = `t'o"k\\e:n\\\\ # ; $HOME \`id\` %41 é/?&=@[]{}<>|!*()\\n end`
const users = ['analyst', "o'neil", 'a:b\\c', 'two "words"', 'alice@corp.example', 'a#b;c', 'josé 🦉', '$HOME`id`']
const cases = users.flatMap((username) => [token, hostile].map((password) => [username, password] as const))

function login(username: string, password: string, more: Partial<ClientLogin> = {}): ClientLogin {
  const place = { host, addresses: [], port: 5432, database: 'demo db', caBundle: '/etc/ssl/a b/bundle.pem' }
  return { engine: 'postgres', username, token: password, ...place, ...more }
}

describe.each(cases)('for %s with %s', (username, password) => {
  test('env is what a shell makes variables of', () => {
    const names = ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGPASSWORD', 'PGSSLMODE', 'PGSSLROOTCERT']
    const shell = `eval "$1"; for name in ${names.join(' ')}; do printenv "$name" | tr '\\n' '\\0'; done`
    const printed = execFileSync('/bin/sh', ['-c', shell, 'sh', asEnv(login(username, password))], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: '/wrong' },
    })
    const values = [host, '5432', username, 'demo db', password, 'verify-full', '/etc/ssl/a b/bundle.pem']
    expect(printed.split('\0').slice(0, -1)).toEqual(values)
  })

  test('uri is what the PostgreSQL driver of Node.js and a parser of URLs take apart', () => {
    const uri = asUri(login(username, password, { caBundle: null })).trimEnd()
    const client = new pg.Client({ connectionString: uri })
    expect([client.user, client.password, client.host, client.port, client.database]).toEqual([
      ...[username, password, host, 5432, 'demo db'],
    ])
    const url = new URL(uri)
    expect([url.username, url.password].map(decodeURIComponent)).toEqual([username, password])
    expect(url.searchParams.get('sslmode')).toBe('verify-full')
  })

  testWithMysqlClient('my.cnf is what the client of MySQL reads', () => {
    const file = join(directory, 'my.cnf')
    writeFileSync(file, asMyCnf(login(username, password, { engine: 'mariadb' })))
    const words = execFileSync('my_print_defaults', [`--defaults-file=${file}`, 'client', 'mysql'], {
      encoding: 'utf8',
    })
    expect(words.trimEnd().split('\n')).toEqual([
      ...[`--host=${host}`, '--port=5432', '--protocol=tcp', `--user=${username}`, `--password=${password}`],
      ...['--ssl', '--ssl-ca=/etc/ssl/a b/bundle.pem', '--ssl-verify-server-cert', '--database=demo db'],
    ])
  })

  test('pgpass is what its parser for Node.js reads', async () => {
    const file = join(directory, 'pgpass')
    writeFileSync(file, asPgpass(login(username, password)))
    chmodSync(file, 0o600)
    process.env.PGPASSFILE = file
    const { default: pgpass } = await import('pgpass')
    const found = await new Promise((resolve) =>
      pgpass({ host, port: 5432, user: username, database: 'demo db' }, resolve),
    )
    expect(found).toBe(password)
  })
})

test('env has a shell forget what would lead libpq elsewhere, before it says where an address is', () => {
  const stale = { PGHOSTADDR: '203.0.113.1', PGSERVICE: 'nowhere', PATH: process.env.PATH ?? '' }
  const seen = (more: Partial<ClientLogin>) => {
    const script = `set -eu; ${asEnv(login('analyst', token, more))} printenv PGHOSTADDR PGSERVICE || true`
    return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: stale })
  }
  expect(seen({})).toBe('')
  expect(seen({ addresses: ['127.0.0.1'] })).toBe('127.0.0.1\n')
})

test('through a tunnel libpq is told the addresses, one for each time the name is said', () => {
  const far = login('analyst', token, { addresses: ['127.0.0.1', '::1'], port: 15_432 })
  expect(asEnv(far)).toContain(`export PGHOST=${host},${host}\nexport PGHOSTADDR=127.0.0.1,::1\nexport PGPORT=15432\n`)
  expect(asUri(far)).toContain(`@${host}:15432/demo%20db?hostaddr=127.0.0.1&sslmode=verify-full`)
})

test('MySQL is asked to let the token travel as it is, inside TLS that is checked; MariaDB needs no asking', () => {
  const mysql = asMyCnf(login('analyst', token, { engine: 'mysql' }))
  expect(mysql).toContain('\nssl-mode="VERIFY_IDENTITY"\n')
  expect(mysql).toContain('\nenable-cleartext-plugin\n')
  expect(asMyCnf(login('analyst', token, { engine: 'mariadb' }))).not.toContain('cleartext')
  expect(asEnv(login('analyst', token, { engine: 'mysql' }))).toContain('export LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN=1\n')
})

testWithPsql('a uri is what libpq takes apart', () => {
  const uri = asUri(login("o'neil@x", hostile, { host: 'localhost', port: 1, caBundle: null }))
  const run = () => execFileSync('psql', ['--dbname', uri.trimEnd(), '--command', 'select 1'], { stdio: 'pipe' })
  expect(run).toThrow(/connection to server at "localhost" .*port 1 failed: Connection refused/)
})
