import { expect, test } from '@jest/globals'
import { refuseRedirection } from '../../../src/databases/client-words.ts'

test.each([
  [
    'postgres',
    ['--command', 'host=1', '-v', 'port=2', '--set=x=1', '-P', 'pager=off', '-qtAX', '--no-psqlrc', '--html'],
  ],
  ['postgres', ['-f', 'script.sql', '--csv', '--single-transaction', '-1', '--pset', 'null=-', '-c', '--host']],
  ['mysql', ['--execute', 'SELECT 1', '-e', '--host', '--skip-column-names', '--default-character-set=utf8mb4', '-BN']],
  ['mariadb', ['demo_db', '--table', '--batch', '--quick', '--safe-updates', '--init-command', 'SET @a=1']],
  ['postgres', ['-Xtqc', 'x=1']],
  ['postgres', ['-Atc', 'host=1']],
  ['postgres', ['-Atchost=1', '-c', '-c', '-c', '--', '-F', '-h', '--output=--host']],
  ['mysql', ['-BNe', '-h', '-Ddemo_db', '-e-h', '--execute=--host=x', '--pager=less', '--local-infile']],
] as const)('for %s the words %j are the person’s own business', (engine, words) => {
  expect(() => refuseRedirection(words, engine)).not.toThrow()
})

test.each([
  ['postgres', [' host=127.0.0.1 port=25999 sslmode=disable']],
  ['postgres', ['-qd', ' host=127.0.0.1 sslmode=disable']],
  ['postgres', ['-qdhost=evil']],
  ['postgres', ['--dbname= host=evil sslmode=disable']],
  ['postgres', ['-d', ' host=evil']],
  ['postgres', ['-Xd host=evil']],
  ['postgres', ['-c', '-c', '-h', 'evil']],
  ['postgres', ['--command=x', '-h', 'evil']],
  ['postgres', ['-cx', '-hevil']],
  ['postgres', ['-']],
  ['postgres', ['']],
  ['postgres', ['-q', '--', 'host=evil']],
  ['postgres', ['--quiet=x']],
  ['postgres', ['--comm', 'x']],
  ['mysql', ['-e', '-e', '-h', '127.0.0.1', '--po=25997', '--skip_ssl_verify_server_cert', '--skip_ssl']],
  ['mysql', ['--skip_ssl']],
  ['mysql', ['--loose_ssl=0']],
  ['mysql', ['--default_auth=mysql_native_password']],
  ['mysql', ['--prot=tcp']],
  ['mysql', ['--po=1']],
  ['mysql', ['--x.host=evil']],
  ['mysql', ['--pager', '-hevil']],
  ['mysql', ['-Bhevil']],
  ['mysql', ['--', 'demo_db']],
  ['mysql', ['-']],
  ['mysql', ['demo db']],
  ['mariadb', ['--execute=x', '--ssl=0']],
] as const)('for %s the words %j are refused, with what may be said', (engine, words) => {
  const refusal = { code: 'USAGE_ARGUMENT', exitCode: 2, message: expect.stringMatching(/^with a value .*--\w/m) }
  expect(() => refuseRedirection(words, engine)).toThrow(expect.objectContaining(refusal))
})

test('a word that is no option is taken for a database, without the list of options', () => {
  expect(() => refuseRedirection(['demo_db'], 'postgres')).toThrow(
    expect.objectContaining({
      ...{ code: 'USAGE_ARGUMENT', suggestions: ['admin rds connect --dbname demo_db …'] },
      message: '"demo_db" is not for the client: a database is named by --dbname, before the --',
    }),
  )
})

test.each([
  ['mysql', '-phunter2'],
  ['mysql', '--password=hunter2'],
  ['postgres', 'postgresql://jane:hunter2@evil.example/x'],
  ['postgres', 'password=hunter2'],
] as const)('a password for %s in %s is refused and not repeated', (engine, word) => {
  expect(() => refuseRedirection([word], engine)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  )
})
