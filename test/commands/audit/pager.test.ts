import { execFileSync, spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { adminFile, temporaryDirectory } from '../../support/admin.ts'
import { analyst } from '../../support/arns.ts'
import { newStore } from '../../support/store.ts'
import { atTerminal } from '../../support/terminal.ts'

const directory = temporaryDirectory()
const who = ['audit', 'who-has', analyst]
const hasLess = spawnSync('/bin/sh', ['-c', 'command -v less']).status === 0
if (!hasLess) process.stderr.write('SKIPPED, as there is no less here: Ctrl-C in a pager\n')
const testWithLess = hasLess ? test : test.skip
let env: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  env = { ADMIN_DATABASE: await newStore(directory) }
})

describe('a listing at a terminal', () => {
  test.each([
    ['ADMIN_PAGER', { ADMIN_PAGER: 'sed s/^/A:/', PAGER: 'sed s/^/P:/' }, 'A:USERNAME'],
    ['PAGER', { PAGER: 'sed s/^/P:/' }, 'P:USERNAME'],
    ['PAGER, as a shell takes it', { PAGER: 'X=1 sed "s/^/$LESS /"' }, 'FRX USERNAME'],
    ['less, as it was set up', { LESS: 'FRXM' }, 'alice'],
  ])('goes through %s', async (_, pager, shown) => {
    const { screen, exitCode } = await atTerminal(who, [], { env: { ...env, ...pager } })
    expect({ exitCode, screen }).toEqual({ exitCode: 0, screen: expect.stringContaining(shown) })
  })

  test.each([
    ['is empty', { PAGER: 'sed s/^/P:/', ADMIN_PAGER: '' }, []],
    ['is cat', { PAGER: 'cat' }, []],
    ['is not there', { PAGER: 'no-such-pager -x' }, []],
    ['is not wanted', { PAGER: 'sed s/^/P:/' }, ['--no-pager']],
    ['would hold up what nobody watches', { PAGER: 'sed s/^/P:/', CI: '1' }, []],
    ['is for tables', { PAGER: 'sed s/^/P:/' }, ['--json']],
    ['is for tables', { PAGER: 'sed s/^/P:/' }, ['--format', 'csv']],
  ])('is printed as it is where the pager %s', async (_, pager, flags) => {
    const { screen, exitCode } = await atTerminal([...who, ...flags], [], { env: { ...env, ...pager } })
    expect({ exitCode, screen }).toEqual({ exitCode: 0, screen: expect.stringContaining('alice') })
    expect(screen).not.toContain('P:')
  })

  test('that is empty starts no pager', async () => {
    const pager = { PAGER: 'sed s/^/P:/; echo started' }
    const { screen } = await atTerminal([...who, '--as-of', '365d'], [], { env: { ...env, ...pager } })
    expect(screen).toContain('nobody held')
    expect(screen).not.toContain('started')
  })

  test('ends quietly when its pager does', async () => {
    const { screen, exitCode } = await atTerminal(who, [], { env: { ...env, PAGER: 'true' } })
    expect({ exitCode, screen }).toEqual({ exitCode: 0, screen: '' })
  })

  testWithLess('waits for less, which Ctrl-C does not end', async () => {
    const steps = [{ expect: 'alice' }, { send: '\u0003' }, { expect: ':' }, { send: 'q' }]
    const { exitCode } = await atTerminal(who, steps, { env: { ...env, LESS: 'X' }, size: [3, 200] })
    expect([0, null]).toContain(exitCode)
  })
})

describe('a reader who has seen enough', () => {
  test.each(['table', 'csv', 'jsonl', 'json'])('ends a listing as %s quietly', (format) => {
    const line = `"$0" "$1" audit log --format ${format} | true; echo "\${PIPESTATUS[0]}"`
    const output = execFileSync('bash', ['-c', `${line} 2>&1`, process.execPath, adminFile], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: directory, ...env },
    })
    expect(output).toBe('0\n')
  })
})
