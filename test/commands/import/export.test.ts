import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { adminJson, temporaryDirectory } from '../../support/admin.ts'
import { eventsOf, exported, fileWith, importJson, newPlace, role } from '../../support/import-file.ts'
import { sqlite } from '../../support/sqlite.ts'
import { atTerminal } from '../../support/terminal.ts'

const directory = temporaryDirectory()

/** Legal user names that mean something to a spreadsheet, a shell, a terminal or a reader of CSV. */
const hostile = [
  '=HYPERLINK("http://x")'.replaceAll('/', '.').replaceAll(':', '.'),
  "'=1+1",
  "''@SUM",
  "'quoted'",
  '+1',
  '@a',
  '＝x',
  '"',
  'a"b""c',
  "o'brien",
  'CORP\\alice',
  '$(touch;pwned)',
  '`id`',
  '!!',
  'a;b|c&d>e<f',
  'a;=1+1',
  "a;'=1;-1",
  '*?[x]{y}',
  '~root',
  '=ls',
  '#x',
  '%s%n',
  '^a^b',
  '\\033[31m',
  '\u202egnp.exe',
  'zero\u200bwidth\u200d',
  "\u2066%d'\\n",
  'josé',
  'ליאור',
  '日本語',
  '😀',
  'n'.repeat(256),
  '😀'.repeat(256),
]

async function hostileStore() {
  const env = newPlace(directory)
  const lines = hostile.map((username) => `${JSON.stringify({ username, roleArns: [role('a'), role("b'$x/c")] })}\n`)
  const run = await importJson(env, fileWith(directory, lines.join('')))
  expect(run.json.created).toBe(hostile.length)
  return env
}

describe('export-aws-role-arns', () => {
  test.each(['csv', 'jsonl'])('as %s, imported into an empty store, exports the same bytes again', async (format) => {
    const env = await hostileStore()
    const text = await exported(env, format)
    const again = newPlace(directory)
    expect((await importJson(again, fileWith(directory, text))).json.created).toBe(hostile.length)
    expect(await exported(again, format)).toBe(text)
    const names = sqlite(again.ADMIN_DATABASE, 'SELECT username FROM users')
    expect(names.map(({ username }: { username: string }) => username).sort()).toEqual(
      hostile.map((name) => name.normalize('NFC')).sort(),
    )
  })

  test('keeps the ends of assignments in JSON Lines, and says where CSV cannot', async () => {
    const env = newPlace(directory)
    const line = `{"username":"a","roleArns":["${role('a')}"],"expiresAt":"2099-01-01T00:00:00Z"}\n`
    await importJson(env, fileWith(directory, line))
    expect(await exported(env, 'jsonl')).toBe(line)
    const csv = await adminJson(['export-aws-role-arns'], { env })
    expect(csv.json).toEqual([JSON.parse(line)])
    const shell = await atTerminal(['export-aws-role-arns'], [], { env })
    expect(shell.screen).toContain(
      '1 person has roles that end by themselves, which csv cannot say; --format jsonl does',
    )
  })

  test('leaves out what has run out, and says who has roles from single sign-on', async () => {
    const env = newPlace(directory)
    await importJson(env, fileWith(directory, `a,${role('a')}\nb,${role('a')}\n`))
    const statement = "UPDATE assignments SET expires_at = '2020-01-01T00:00:00Z' WHERE user_id = 1"
    sqlite(env.ADMIN_DATABASE, statement, "UPDATE assignments SET source = 'sso' WHERE user_id = 2", 'SELECT 1')
    const run = await adminJson(['export-aws-role-arns'], { env })
    expect(run.json).toEqual([{ username: 'b', roleArns: [role('a')] }])
    expect(run.stderr).toContain('1 person has roles from single sign-on')
  })

  test('writes cells that no spreadsheet takes for a formula', async () => {
    const csv = await exported(await hostileStore(), 'csv')
    const read = 'import csv, json, sys; print(json.dumps(list(csv.reader(sys.stdin))))'
    const rows = JSON.parse(execFileSync('python3', ['-c', read], { input: csv, encoding: 'utf8' }))
    expect(rows.flat().filter((cell: string) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([])
    expect(rows.map((row: string[]) => row.length)).toEqual(rows.map(() => 2))
  })

  test('shows nothing on a terminal that acts on it', async () => {
    const run = await atTerminal(['export-aws-role-arns'], [], { env: await hostileStore() })
    expect(run.screen).toContain('\\u{202e}gnp.exe')
    expect(run.screen.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('--format rstudio-server', () => {
  const shells = ['sh', 'bash', 'zsh'].filter((shell) => {
    const isThere = spawnSync(shell, ['-c', ':']).status === 0
    if (!isThere) process.stderr.write(`SKIPPED, as there is none: pasting into ${shell}\n`)
    return isThere
  })

  test.each(shells)('gives each person the roles when it is pasted into %s', async (shell) => {
    const env = await hostileStore()
    const lines = await exported(env, 'rstudio-server')
    expect(lines.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    const script = `rstudio_server() { printf '%s\\0' "$@"; }\n${lines.replaceAll(/^rstudio-server /gm, 'rstudio_server ')}`
    const words = execFileSync(shell, [], {
      input: script,
      cwd: directory,
      env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH ?? '' },
    })
    const got = words.toString('utf8').split('\0').slice(0, -1)
    const people = eventsOf(env).map(({ username }: { username: string }) => username)
    const expected = people.sort((a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const roles = `${role('a')},${role("b'$x/c")}`
    expect(got).toEqual(expected.flatMap((name: string) => ['set-aws-role-arns', name, roles]))
  })
})

const name = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...`='"+@\\;$\`~#%^*\u202e\u200b＝`),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 20,
  })
  .map((text) =>
    text
      .normalize('NFC')
      .replaceAll(/[\p{Cc}\p{Cs}\s,/:\ufffd]/gu, '')
      .replace(/^-+/, '')
      .normalize('NFC'),
  )
  .filter((text) => text !== '')

test('any store, exported and imported into an empty one, exports the same bytes', async () => {
  const person = fc.record({
    username: name,
    roles: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  })
  const people = fc.uniqueArray(person, { minLength: 1, maxLength: 20, selector: ({ username }) => username })
  await fc.assert(
    fc.asyncProperty(people, fc.constantFrom('csv', 'jsonl'), async (list, format) => {
      const env = newPlace(directory)
      const lines = list.map(({ username, roles }) => `${JSON.stringify({ username, roleArns: roles.map(role) })}\n`)
      expect((await importJson(env, fileWith(directory, lines.join('')))).json.created).toBe(list.length)
      const text = await exported(env, format)
      const again = newPlace(directory)
      await importJson(again, fileWith(directory, text))
      expect(await exported(again, format)).toBe(text)
      expect(await exported(again, 'jsonl')).toBe(await exported(env, 'jsonl'))
    }),
    { numRuns: 12 },
  )
}, 60_000)
