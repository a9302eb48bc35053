import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminFile, adminJson, temporaryDirectory } from './support/admin.ts'
import { analyst } from './support/arns.ts'

const directory = temporaryDirectory()
const env = { ADMIN_DATABASE: join(directory, 'admin.db') }

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'

beforeAll(async () => {
  await admin(['set-aws-role-arns', 'alice', analyst], { env })
})

describe('a command line that is not understood', () => {
  test('is answered with every flag that is wrong, and the help of the command', async () => {
    const { stderr } = await admin(['rds', 'token', '--host', 'h', '--user', 'u'])
    expect(stderr.split('\n')).toEqual([
      'Error: there is no flag --host here; did you mean --hostname?',
      '  there is no flag --user here; did you mean --username?',
      '  try: admin rds token --help',
      '',
    ])
  })

  test.each([
    ['an unknown command', ['frobnicate'], 'USAGE_COMMAND', 'there is no command "frobnicate"'],
    ['an unknown flag', ['get-aws-role-arns', 'alice', '--lonk'], 'USAGE_FLAG', '--lonk'],
    ['a missing argument', ['get-aws-role-arns'], 'USAGE_ARGUMENT', 'missing USERNAME'],
    ['an argument too many', ['get-aws-role-arns', 'alice', 'bob'], 'USAGE_ARGUMENT', 'unexpected argument "bob"'],
    [
      'a token where none belongs',
      ['get-aws-role-arns', 'alice', 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'],
      'USAGE_ARGUMENT',
      'not shown',
    ],
    ['a flag without its value', ['audit', 'log', '--user'], 'USAGE_FLAG', '--user needs a value'],
    [
      'a flag without its choice',
      ['audit', 'log', '--format'],
      'USAGE_FLAG',
      '--format needs a value, one of table, csv',
    ],
    [
      'a number too small',
      ['audit', 'log', '--limit', '0'],
      'USAGE_FLAG',
      '--limit: expected an integer of at least 1, not "0"',
    ],
    [
      'a number too large',
      ['audit', 'log', '--limit', '9223372036854775808'],
      'USAGE_FLAG',
      '--limit: expected an integer of at most 9007199254740991, not "9223372036854775808"',
    ],
    ['a number left out', ['audit', 'log', '--limit='], 'USAGE_FLAG', '--limit: expected an integer, not ""'],
    ['no number', ['audit', 'log', '--limit', 'x'], 'USAGE_FLAG', '--limit: expected an integer, not "x"'],
    [
      'a choice that is none',
      ['audit', 'log', '--format', 'xml'],
      'USAGE_FLAG',
      '--format is "xml", expected one of table, csv, jsonl, json',
    ],
    ['a missing flag', ['sso', 'rehearse'], 'USAGE_FLAG', 'missing --claims'],
    ['a flag twice', ['audit', 'log', '--limit', '1', '--limit', '2'], 'USAGE_FLAG', '--limit is given more than once'],
    [
      'an unknown flag that resembles one',
      ['audit', 'log', '--usr=x'],
      'USAGE_FLAG',
      'there is no flag --usr here; did you mean --user?',
    ],
    [
      'an unknown flag that is the beginning of one',
      ['rds', 'token', '--host', 'x'],
      'USAGE_FLAG',
      'there is no flag --host here; did you mean --hostname?',
    ],
    [
      'two unknown flags',
      ['rds', 'token', '--hostnam', 'x', '--user', 'y'],
      'USAGE_FLAG',
      'there is no flag --hostnam here; did you mean --hostname?',
    ],
    [
      'a flag of the client before the --',
      ['rds', 'connect', '--hostname', 'x', '--username', 'y', '-c', 'select 1'],
      'USAGE_FLAG',
      'there is no flag -c here; --help lists them; what is for the client goes behind --, as -- -c …',
    ],
    [
      'an unknown flag that goes on behind one',
      ['redshift', 'credentials', '--cluster-identifier', 'x'],
      'USAGE_FLAG',
      'there is no flag --cluster-identifier here; did you mean --cluster?',
    ],
    [
      'an unknown flag that shares a word with one',
      ['redshift', 'credentials', '--username', 'x'],
      'USAGE_FLAG',
      'there is no flag --username here; did you mean --db-user?',
    ],
    [
      'an unknown flag that is the beginning of two',
      ['redshift', 'credentials', '--db', 'x'],
      'USAGE_FLAG',
      'there is no flag --db here; did you mean --db-name or --db-user?',
    ],
    [
      'an unknown flag written out',
      ['rds', 'token', '--database-name', 'x'],
      'USAGE_FLAG',
      'there is no flag --database-name here; did you mean --dbname?',
    ],
    [
      'the flag of the store for that of the database to enter',
      ['redshift', 'credentials', '--database', 'dev'],
      'USAGE_FLAG',
      'the database to enter is --db-name',
    ],
    [
      'a flag that needs another',
      ['rds', 'grant', '--engine', 'mysql', '--db-user', 'x', '--execute'],
      'USAGE_FLAG',
      '--execute needs --connection',
    ],
    [
      'flags that exclude each other, with a token that runs over lines',
      ['rds', 'token', '--hostname', 'h', '--username', 'u', '--resolve-cname', '--sign-host', `x\n${TOKEN}`],
      'USAGE_FLAG',
      '--resolve-cname and --sign-host are given together, expected one of them',
    ],
    [
      'an unknown flag that resembles none',
      ['audit', 'log', '--frob'],
      'USAGE_FLAG',
      'there is no flag --frob here; --help lists them',
    ],
    [
      'ARNs with spaces',
      ['set-aws-role-arns', 'alice', analyst, analyst],
      'USAGE_ARGUMENT',
      'join role ARNs with commas',
    ],
    ['an ARN to unset', ['unset-aws-role-arns', 'alice', analyst], 'USAGE_ARGUMENT', 'unset removes all roles'],
  ])('(%s) is answered with exit 2 and what to do, in both modes', async (_, argv, code, message) => {
    const { json, exitCode } = await adminJson(argv)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code })
    expect(json.error.message).toContain(message)
    expect(json.error.message).not.toContain('eyJhbGci')
    const text = await admin(argv)
    expect(text).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) })
    expect(text.stderr).not.toContain('eyJhbGci')
  })
})

test('a current directory that is gone is said where it is needed, and is no bug', () => {
  const gone = join(directory, 'gone')
  mkdirSync(gone)
  const shell = `cd "${gone}"; rmdir "${gone}"; exec "$@"`
  const argv = [process.execPath, adminFile, 'get-aws-role-arns', 'alice', '--database', 'relative.db']
  const { stderr, status } = spawnSync('sh', ['-c', shell, 'sh', ...argv], { encoding: 'utf8' })
  expect({ stderr, status }).toEqual({
    status: 4,
    stderr: 'Error: the current directory no longer exists\n  try: cd /\n',
  })
})

test('what nobody caught is told in our words, without our source', async () => {
  const preload = join(directory, 'throws.cjs')
  writeFileSync(preload, "setImmediate(() => { throw new Error('boom') })")
  const { stderr, exitCode } = await admin(['get-aws-role-arns', 'alice'], {
    env: { ...env, NODE_OPTIONS: `--require ${preload}` },
  })
  expect({ exitCode, lines: stderr.trim().split('\n') }).toEqual({
    exitCode: 1,
    lines: [
      expect.stringMatching(/^Error: this is a bug in admin \S+: Error: boom$/),
      expect.stringContaining('please report it'),
    ],
  })
})

test('work that waits for what will never come is no success', async () => {
  const preload = join(directory, 'never-drains.cjs')
  writeFileSync(preload, 'process.exitCode = 5; process.stdout.write = () => false')
  const argv = ['audit', 'log', '--format', 'csv']
  const { stderr, exitCode } = await admin(argv, { env: { ...env, NODE_OPTIONS: `--require ${preload}` } })
  expect({ exitCode, lines: stderr.trim().split('\n') }).toEqual({
    exitCode: 1,
    lines: [
      expect.stringMatching(/^Error: this is a bug in admin \S+: Error: nothing was left to wait for/),
      expect.stringContaining('please report it'),
    ],
  })
})

describe('global flags', () => {
  test.each([
    ['in front', ['--json', 'get-aws-role-arns', 'alice']],
    ['with a value in front', ['--database', env.ADMIN_DATABASE, 'get-aws-role-arns', 'alice', '--json']],
    ['glued to their value', [`--database=${env.ADMIN_DATABASE}`, '--json', 'get-aws-role-arns', 'alice']],
  ])('count %s too', async (_, argv) => {
    const { stdout, exitCode } = await admin(argv, { env })
    expect({ exitCode, roleArns: JSON.parse(stdout).roleArns }).toEqual({ exitCode: 0, roleArns: [analyst] })
  })

  test.each([[['--json=1', 'get-aws-role-arns', 'alice']], [['get-aws-role-arns', '--json=1', 'alice']]])(
    'take no value where they are switches: %j',
    async (argv) => {
      const { stdout, stderr, exitCode } = await admin(argv, { env })
      expect({ stderr, exitCode, error: JSON.parse(stdout).error }).toMatchObject({
        stderr: '',
        exitCode: 2,
        error: { code: 'USAGE_FLAG', message: '--json takes no value' },
      })
    },
  )
})

describe('help and version', () => {
  test.each([[['help']], [['-h']], [['--help']], [[]]])('%j lists the commands', async (argv) => {
    const run = await admin(argv)
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('COMMANDS') })
  })

  test.each([
    [['help', 'audit', 'log']],
    [['audit', 'log', '-h']],
    [['audit', 'help', 'log']],
    [['audit', 'log', '--json', '--help']],
  ])('%j shows one command', async (argv) => {
    expect(await admin(argv)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('$ admin audit log') })
  })

  test.each([
    ['sso refresh', 'admin sso refresh --all [--due TIME]\n'],
    ['session end', '--role=ARN  only the session with this role\n'],
  ])('of %s says %s', async (command, words) => {
    expect((await admin([...command.split(' '), '--help'])).stdout).toContain(words)
  })

  test.each([[['help', 'sso']], [['sso']], [['sso', '-h']]])('%j shows a topic', async (argv) => {
    expect(await admin(argv)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('sso rehearse') })
  })

  test.each([[['version']], [['-v']], [['--version']]])('%j is the version', async (argv) => {
    expect(await admin(argv)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^admin\/\d/) })
  })

  test('a topic alone is no answer for a program', async () => {
    const { json, exitCode } = await adminJson(['sso'])
    expect({ exitCode, error: json.error }).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE_COMMAND', suggestions: expect.arrayContaining(['admin sso check']) },
    })
  })
})

describe('output to a full device', () => {
  test.each([
    [['get-aws-role-arns', 'alice']],
    [['get-aws-role-arns', 'alice', '--json']],
    [['set-aws-role-arns', 'bob', analyst]],
    [['audit', 'log']],
    [['audit', 'log', '--json']],
    [['--help']],
  ])('ends %j with exit 7 and one error, not with our source', (argv) => {
    const { stderr, status } = intoFullDevice(argv, '>')
    expect({ stderr, status }).toEqual({
      status: 7,
      stderr:
        'Error: the answer could not be written to standard output: no space left on device (ENOSPC)\n' +
        '  what the command did stands\n',
    })
  })

  test('keeps the exit code of a failure', () => {
    expect(intoFullDevice(['frobnicate', '--json'], '>').status).toBe(2)
  })

  test('is no error where it is only a note on stderr', () => {
    const argv = ['get-aws-role-arns', 'nobody', '--database', join(directory, 'none.db')]
    expect(intoFullDevice(argv, '2>')).toMatchObject({ status: 0, stdout: '' })
  })

  function intoFullDevice(argv: readonly string[], redirection: string) {
    const shell = `"$@" ${redirection} /dev/full`
    const environment = { PATH: process.env.PATH, HOME: directory, ...env }
    return spawnSync('sh', ['-c', shell, 'sh', process.execPath, adminFile, ...argv], {
      encoding: 'utf8',
      env: environment,
    })
  }
})
