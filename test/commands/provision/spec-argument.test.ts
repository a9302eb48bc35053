import { chmodSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type admin, adminJson } from '../../support/admin.ts'
import { isRoot, stranger } from '../../support/people.ts'
import { provisionBench, roleFor } from '../../support/provision-bench.ts'

const bench = provisionBench()
const analyst = () => bench.spec({ analyst: roleFor('alice') })

function config(settings: object): string {
  const file = join(mkdtempSync(join(bench.directory, 'config-')), 'config.yaml')
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  return file
}

/** Nothing is asked of AWS for a spec that cannot be used. */
async function refusal(argv: readonly string[], more: Parameters<typeof admin>[1] = {}) {
  const { json, exitCode } = await adminJson(argv, { ...more, env: { ...bench.env, ...more.env } })
  expect(bench.aws.requests).toEqual([])
  return { code: json.error.code, message: json.error.message, suggestions: json.error.suggestions, exitCode }
}

describe.each(['plan', 'apply', 'destroy', 'permissions'])('provision %s', (command) => {
  test('without FILE takes the spec of the configuration file', async () => {
    const ADMIN_CONFIG = config({ spec: analyst() })
    const flags = command === 'apply' || command === 'destroy' ? ['--yes'] : []
    const run = await bench.runJson(['provision', command, ...flags], { ADMIN_CONFIG })
    expect(run.exitCode).toBe(0)
    if (command !== 'permissions') expect(run.json.spec).toBe('workbench-prod')
  })

  test('prefers the FILE that is named', async () => {
    const ADMIN_CONFIG = config({ spec: '/nowhere/provision.yaml' })
    const flags = command === 'apply' || command === 'destroy' ? ['--yes'] : []
    expect((await bench.run(['provision', command, analyst(), ...flags], { ADMIN_CONFIG })).exitCode).toBe(0)
  })

  test('without FILE and without one in the configuration says how to get one', async () => {
    const ADMIN_CONFIG = config({})
    expect(await refusal(['provision', command], { env: { ADMIN_CONFIG } })).toMatchObject({
      exitCode: 2,
      code: 'USAGE_ARGUMENT',
      message: expect.stringContaining(`no spec: name a FILE, or say "spec: FILE" in ${ADMIN_CONFIG}`),
      suggestions: expect.arrayContaining(['admin provision init']),
    })
  })

  test('without FILE and without any configuration says so too', async () => {
    expect(await refusal(['provision', command])).toMatchObject({ exitCode: 2, code: 'USAGE_ARGUMENT' })
  })
})

describe('a spec', () => {
  test('that the configuration names without a directory stands beside the configuration', async () => {
    const ADMIN_CONFIG = config({ spec: 'provision.yaml' })
    copyFileSync(analyst(), join(dirname(ADMIN_CONFIG), 'provision.yaml'))
    expect(await bench.runJson(['provision', 'plan'], { ADMIN_CONFIG })).toMatchObject({ exitCode: 0 })
  })

  test('that is not there is exit 4, by name, wherever it was named', async () => {
    const file = join(bench.directory, 'none.yaml')
    for (const [argv, env] of [
      [['provision', 'plan', file], {}],
      [['provision', 'plan'], { ADMIN_CONFIG: config({ spec: file }) }],
    ] as const)
      expect(await refusal(argv, { env })).toMatchObject({
        exitCode: 4,
        code: 'NOT_FOUND_FILE',
        message: expect.stringContaining(file),
      })
  })

  test('that may not be read is exit 6', async () => {
    const file = analyst()
    chmodSync(file, 0o000)
    if (isRoot) chmodSync(bench.directory, 0o755)
    expect(await refusal(['provision', 'plan', file], stranger())).toMatchObject({ exitCode: 6, code: 'DENIED_FILE' })
  })

  test.each([
    [
      'with a wildcard for a subject',
      { trust: { subjects: ['*'] } },
      'it has a wildcard, which would be taken literally',
    ],
    ['with nobody for subjects', { trust: { subjects: [] } }, 'roles.analyst.trust.subjects'],
    ['with a key that is none', { ...roleFor('alice'), polices: {} }, 'polices'],
  ])('%s is exit 2, before AWS is asked', async (_, role, says) => {
    expect(await refusal(['provision', 'plan', bench.spec({ analyst: role })])).toMatchObject({
      exitCode: 2,
      code: 'INVALID_SPEC',
      message: expect.stringContaining(says),
    })
  })

  test('of another account than asked for is exit 4, and names those that it has', async () => {
    const spec = bench.spec({ analyst: roleFor('alice') }, { accounts: { '123456789012': { region: 'us-east-1' } } })
    expect(await refusal(['provision', 'plan', spec, '--account', '210987654321'])).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('has no account 210987654321; it has 123456789012'),
    })
  })
})
