import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { admin, adminFile } from '../../support/admin.ts'
import { provisionBench, roleFor } from '../../support/provision-bench.ts'
import { linesShown } from '../../support/screen.ts'
import { atTerminal, keys, type Step, type TerminalOptions } from '../../support/terminal.ts'

const bench = provisionBench()
const analyst = { analyst: roleFor('alice') }
const question = { expect: 'Carry this out?' }

/** `provision apply` before the eyes of a person. */
function apply(
  spec: string,
  steps: readonly Step[],
  flags: readonly string[] = [],
  more: Partial<TerminalOptions> = {},
) {
  return atTerminal(['provision', 'apply', spec, ...flags], steps, { ...more, env: { ...bench.env, ...more.env } })
}

function linesAfter(text: string, screen: string, columns = 160): readonly string[] {
  const lines = linesShown(screen, columns)
  return lines.slice(lines.findIndex((line) => line.includes(text)) + 1)
}

describe('provision apply, at a terminal', () => {
  test.each([
    ['n', { send: 'n\r' }],
    ['Enter', { send: keys.enter }],
    ['Ctrl-C', { send: keys.interrupt }],
  ])('shows the plan and asks; %s declines, and nothing is written', async (_, answer) => {
    const run = await apply(bench.spec(analyst), [{ expect: '+ create web-identity-role analyst' }, question, answer])
    expect(run).toMatchObject({ exitCode: 3, screen: expect.stringContaining('nothing was changed') })
    expect(run.screen).toContain('2 to create')
    expect(bench.aws.writes).toEqual([])
  })

  test('carries out nothing but what was shown: where somebody was faster, it says so', async () => {
    const provider = ['provision', 'oidc-provider', '--issuer', 'https://sso.example.com', '--client-id', 'workbench']
    const meanwhile = [process.execPath, adminFile, ...provider]
    const run = await apply(bench.spec(analyst), [question, { meanwhile }, { send: 'y\r' }])
    expect(run).toMatchObject({ exitCode: 3, screen: expect.stringContaining('changed after the plan was shown') })
    expect(bench.aws.writes).toEqual(['CreateOpenIDConnectProvider'])
  })

  test('carries it out after y; what has ended stays on the screen, the list below it does not', async () => {
    const spec = bench.spec(analyst)
    const run = await apply(spec, [question, { send: 'y\r' }, { expect: ' of 2 done' }])
    expect(run.exitCode).toBe(0)
    expect(linesAfter('made a new store', run.screen)).toEqual([
      '✔ create oidc-provider https://sso.example.com (123456789012)',
      '✔ create web-identity-role analyst (123456789012)',
      '2 created',
      '',
    ])
    expect(bench.aws.writes).toEqual(['CreateOpenIDConnectProvider', 'CreateRole'])
    const again = await apply(spec, [])
    expect(again).toMatchObject({ exitCode: 0, screen: expect.stringContaining('nothing to do') })
    expect(again.screen).not.toContain('Carry this out?')
  })

  test('leaves nothing but plan and outcome on stdout, without a colour', async () => {
    const stdout = join(bench.directory, randomUUID())
    await apply(bench.spec(analyst), [question, { send: 'y\r' }], [], { stdout })
    const answer = readFileSync(stdout, 'utf8')
    expect(answer).toMatch(/^account 123456789012 \(aws, us-east-1\)\n\+ create oidc-provider/)
    expect(answer).toMatch(/\n2 to create\n2 created\n$/)
    expect(stripVTControlCharacters(answer)).toBe(answer)
    expect(answer).not.toMatch(/Carry|✔|done/)
  })

  test('shows sixty roles on a small terminal, each once and in full', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `role-with-a-rather-long-name-${index + 10}`)
    const spec = bench.spec(Object.fromEntries(names.map((name) => [name, roleFor('alice')])))
    const run = await apply(spec, [{ expect: '61 of 61 done' }], ['--yes'], { size: [8, 40] })
    expect(run.exitCode).toBe(0)
    const ended = linesAfter('61 to create', run.screen, 40)
    const text = ended.join('')
    for (const name of names) expect(text.split(`✔ create web-identity-role ${name}`)).toHaveLength(2)
    expect(text).not.toContain('…')
    expect(text).not.toContain(' of 61 done')
    expect(ended.slice(-2)).toEqual(['61 created', ''])
  })

  test('tells of retries above the list, not through it', async () => {
    bench.aws.inject({ action: 'CreateRole', kind: 'unavailable' })
    const run = await apply(bench.spec(analyst), [question, { send: 'y\r' }])
    expect(linesAfter('made a new store', run.screen)).toEqual([
      '✔ create oidc-provider https://sso.example.com (123456789012)',
      expect.stringMatching(/^iam:CreateRole failed and is tried again: /),
      '✔ create web-identity-role analyst (123456789012)',
      '2 created',
      '',
    ])
  })
})

describe('provision apply asks nothing', () => {
  test.each([
    ['at a terminal where CI is set', [], { CI: '1' }],
    ['at a terminal with --json', ['--json'], {}],
  ])('%s: it names --yes, and writes nothing', async (_, flags, env) => {
    const run = await apply(bench.spec(analyst), [], flags, { env })
    expect(run).toMatchObject({ exitCode: 2, screen: expect.stringContaining('--yes') })
    expect(run.screen).not.toContain('Carry this out?')
    expect(bench.aws.writes).toEqual([])
  })

  test('draws no list where the terminal cannot, and tells line by line', async () => {
    const run = await apply(bench.spec(analyst), [], ['--yes'], { env: { TERM: 'dumb' } })
    expect(run.screen).toContain('✔ create web-identity-role analyst (123456789012)')
    expect(stripVTControlCharacters(run.screen)).toBe(run.screen)
    expect(run.screen).not.toContain('of 2 done')
  })

  test('without a terminal: a piped y is no consent', async () => {
    const argv = ['provision', 'apply', bench.spec(analyst)]
    const run = await admin(argv, { env: bench.env, stdin: 'y\ny\n' })
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes carries it out without asking') })
    expect(bench.aws.writes).toEqual([])
    expect((await bench.runJson(argv)).json.error.code).toBe('USAGE_FLAG')
    expect(bench.aws.writes).toEqual([])
  })

  test('without a terminal and with --yes: an event is a line, and a second run has nothing to ask', async () => {
    const argv = ['provision', 'apply', bench.spec(analyst)]
    const { stderr, exitCode } = await bench.run([...argv, '--yes'])
    expect(exitCode).toBe(0)
    expect(stderr.split('\n').filter((line) => line.startsWith('✔'))).toEqual([
      '✔ create oidc-provider https://sso.example.com (123456789012)',
      '✔ create web-identity-role analyst (123456789012)',
    ])
    expect(stripVTControlCharacters(stderr)).toBe(stderr)
    const again = await bench.run(argv)
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\nnothing to do\n$/) })
  })
})
