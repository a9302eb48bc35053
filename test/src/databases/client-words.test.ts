import { expect, test } from '@jest/globals'
import { refuseRedirection } from '../../../src/databases/client-run.ts'

test.each([
  [
    'postgres',
    ['--command', 'host=1', '-v', 'port=2', '--set=x=1', '-P', 'pager=off', '-qtAX', '--no-psqlrc', '--html'],
  ],
  [
    'postgres',
    ['-f', 'script.sql', '--csv', '--single-transaction', '-1', 'demo_db', '--pset', 'null=-', '-c', '--host'],
  ],
  ['mysql', ['--execute', 'SELECT 1', '-e', '--host', '--skip-column-names', '--default-character-set=utf8mb4', '-BN']],
  ['mariadb', ['demo_db', '--table', '--batch', '--quick', '--safe-updates', '--init-command', 'SET @a=1']],
] as const)('for %s the words %j are the person’s own business', (engine, words) => {
  expect(() => refuseRedirection(words, engine)).not.toThrow()
})
