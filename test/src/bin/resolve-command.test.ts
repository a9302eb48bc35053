import { describe, expect, test } from '@jest/globals'
import { resolveCommand } from '../../../src/bin/resolve-command.ts'

const ids = [
  'audit:log',
  'audit:verify',
  'config:from-workbench',
  'get-aws-role-arns',
  'redshift:credentials',
  'redshift:url',
  'session:credentials',
  'session:end',
  'session:env',
  'session:list',
  'set-aws-role-arns',
  'sso:apply-claims',
  'sso:check',
  'unset-aws-role-arns',
]
const arn = 'arn:aws:iam::123456789012:role/analyst'

describe('the command line for oclif', () => {
  test.each([
    ['', '--help'],
    ['get-aws-role-arns alice --long', 'get-aws-role-arns alice --long'],
    ['audit verify foo', 'audit:verify foo'],
    ['audit:verify', 'audit:verify'],
    ['--json audit log --limit 3', 'audit:log --json --limit 3'],
    ['audit --json log', 'audit:log --json'],
    ['--database help audit log', 'audit:log --database help'],
    ['--config=c --database=d audit log -- --help', 'audit:log --config=c --database=d -- --help'],
    ['help', '--help'],
    ['-h', '--help'],
    ['help audit', 'audit --help'],
    ['audit', 'audit --help'],
    ['help audit log', 'audit:log --help'],
    ['audit log -h', 'audit:log --help'],
    ['get-aws-role-arns help', 'get-aws-role-arns help'],
    ['get-aws-role-arns version', 'get-aws-role-arns version'],
    ['version', '--version'],
    ['-v', '--version'],
    ['--json --version', '--version'],
    ['--json --help', '--help'],
    ['sso --json --help', 'sso --help'],
  ])('of "%s" is "%s"', (typed, resolved) => {
    expect(resolveCommand(typed === '' ? [] : typed.split(' '), ids).join(' ')).toBe(resolved)
  })

  test.each([
    [`set-aws-role-arn alice ${arn}`, 'no command "set-aws-role-arn"; did you mean `admin set-aws-role-arns`?'],
    ['audit verfy alice', 'no command "audit verfy"; did you mean `admin audit verify`?'],
    ['verify', 'no command "verify"; did you mean `admin audit verify`?'],
    ['get-roles alice', 'no command "get-roles"; did you mean `admin get-aws-role-arns`?'],
    ['apply-claims alice', 'no command "apply-claims"; did you mean `admin sso apply-claims`?'],
    ['session lst', 'no command "session lst"; did you mean `admin session list`?'],
    ['sessions list', 'no command "sessions"; did you mean `admin session list`?'],
    ['sessions end alice', 'no command "sessions"; did you mean `admin session end`?'],
    ['redshift creds', 'no command "redshift creds"; did you mean `admin redshift credentials`?'],
    ['frobnicate alice', 'there is no command "frobnicate"'],
    ['help frobnicate', 'there is no command "frobnicate"'],
    ['sso eyJhbGciOiJSUzI1NiJ9.e30.c2ln', 'there is no command (a long one, not shown)'],
    ['sso --json', '"sso" needs one more word: apply-claims, check'],
    ['--json', 'the command is missing'],
    ['--user alice audit log', '"--user" stands before the command'],
    ['audit log --json=yes', '--json takes no value'],
  ])('is refused for "%s": %s', (typed, message) => {
    expect(() => resolveCommand(typed.split(' '), ids)).toThrow(message)
  })

  test('says no more than the first two words', () => {
    expect(() => resolveCommand(['', 'secret'], ids)).toThrow(/^there is no command ""$/)
    expect(() => resolveCommand(['sso', 'log', 'secret'], ids)).not.toThrow(/secret/)
  })
})
