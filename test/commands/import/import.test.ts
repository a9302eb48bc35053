import { basename, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { eventsOf, fileWith, importJson, newPlace, role, stateOf } from '../../support/import-file.ts'
import { sqlite } from '../../support/sqlite.ts'

const directory = temporaryDirectory()
const nothing = { created: 0, replaced: 0, unchanged: 0, removed: 0, skipped: [], invalid: [] }

/** alice, bob and carol hold `old`; bob until 2099, carol by single sign-on. */
async function newStore() {
  const env = newPlace(directory)
  const lines = [
    { username: 'alice', roleArns: [role('old')] },
    { username: 'bob', roleArns: [role('old')], expiresAt: '2099-01-01T00:00:00Z' },
    { username: 'carol', roleArns: [role('old')] },
  ]
  await importJson(env, fileWith(directory, lines.map((line) => `${JSON.stringify(line)}\n`).join('')))
  const carol = "(SELECT id FROM users WHERE username = 'carol')"
  sqlite(env.ADMIN_DATABASE, `UPDATE assignments SET source = 'sso' WHERE user_id = ${carol}`, 'SELECT 1')
  return env
}

describe('import-aws-role-arns', () => {
  test('reads CSV with byte order mark, header, CRLF, blank lines, quotes and no end of the last line', async () => {
    const env = newPlace(directory)
    const text = `\ufeffusername,role_arn\r\n\r\nalice,${role('a')}\r\n"alice","${role('b')}"\r\n \r\n"b""ob",${role('a')}`
    const { json, exitCode } = await importJson(env, fileWith(directory, text))
    expect({ json, exitCode }).toEqual({ json: { ...nothing, created: 2 }, exitCode: 0 })
    expect(stateOf(env)).toEqual(['alice cli - a b', 'b"ob cli - a'])
  })

  test('reads a header in any letter case', async () => {
    const env = newPlace(directory)
    const { json } = await importJson(env, fileWith(directory, `Username,Role_ARN\nalice,${role('a')}\n`))
    expect(json).toEqual({ ...nothing, created: 1 })
  })

  test.each([
    ['', 'is empty: it says nothing of anybody'],
    ['username,role_arn\n\n', 'says nothing of anybody'],
  ])('warns of a file that names nobody: %j', async (text, warning) => {
    const env = newPlace(directory)
    const { json, exitCode, stderr } = await importJson(env, fileWith(directory, text))
    expect({ json, exitCode }).toEqual({ json: nothing, exitCode: 0 })
    expect(stderr).toContain(warning)
    const piped = await admin(['import-aws-role-arns', '-'], { env, stdin: text })
    expect(piped).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`standard input ${warning}`) })
  })

  test('reads JSON Lines, whose ends are set, taken away or left as they are', async () => {
    const env = await newStore()
    const lines = [
      { username: 'alice', roleArns: [role('a'), role('b')], expiresAt: '2099-05-05T12:00:00+02:00' },
      { username: 'bob', roleArns: [role('a')] },
      { username: 'dave', roleArns: [role('a')], expiresAt: null },
    ]
    const file = fileWith(directory, lines.map((line) => JSON.stringify(line)).join('\n'))
    expect((await importJson(env, file)).json).toEqual({ ...nothing, created: 1, replaced: 2 })
    const expected = ['alice cli 2099-05-05T10:00:00Z a b', 'bob cli 2099-01-01T00:00:00Z a']
    expect(stateOf(env)).toEqual([...expected, 'carol sso - old', 'dave cli - a'])
    const endless = fileWith(directory, JSON.stringify({ username: 'bob', roleArns: [role('a')], expiresAt: null }))
    expect((await importJson(env, endless)).json).toEqual({ ...nothing, replaced: 1 })
    expect(stateOf(env)[1]).toBe('bob cli - a')
  })

  test('leaves an event for each change, with the reason and the name of the file, and none for what stays', async () => {
    const env = newPlace(directory)
    const file = fileWith(directory, `alice,${role('a')}\nbob,${role('b')}\n`)
    await importJson(env, file, '--reason', 'quarterly review')
    expect((await importJson(env, file)).json).toEqual({ ...nothing, unchanged: 2 })
    const details = JSON.stringify({ import: basename(file) })
    const stateAs = (name: string) => JSON.stringify({ source: 'cli', roleArns: [role(name)], expiresAt: null })
    const common = { action: 'set', before: null, reason: 'quarterly review', details }
    expect(eventsOf(env)).toEqual([
      { ...common, username: 'alice', after: stateAs('a') },
      { ...common, username: 'bob', after: stateAs('b') },
    ])
    expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
    const held = sqlite(
      env.ADMIN_DATABASE,
      'SELECT name, event_id FROM event_roles JOIN roles ON id = role_id ORDER BY 1',
    )
    expect(held).toEqual([
      { name: 'a', event_id: 1 },
      { name: 'b', event_id: 2 },
    ])
  })

  test('ends first what has run out, as an event of its own', async () => {
    const env = await newStore()
    sqlite(
      env.ADMIN_DATABASE,
      "UPDATE assignments SET expires_at = '2020-01-01T00:00:00Z' WHERE source = 'cli'",
      'SELECT 1',
    )
    const { json } = await importJson(env, fileWith(directory, `alice,${role('a')}\n`), '--prune')
    expect(json).toEqual({ ...nothing, created: 1 })
    const told = eventsOf(env).map(({ action, username }: Record<string, string>) => `${action} ${username}`)
    expect(told.slice(3)).toEqual(['expire alice', 'set alice', 'expire bob'])
    expect(stateOf(env)).toEqual(['alice cli - a', 'carol sso - old'])
    expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
  })

  test('skips whom single sign-on governs, says who and why, and ends with exit 0', async () => {
    const env = await newStore()
    const file = fileWith(directory, `carol,${role('a')}\nalice,${role('a')}\n`)
    const reason = 'single sign-on governs the roles of this user'
    const { json, exitCode } = await importJson(env, file, '--prune')
    const skipped = [{ username: 'carol', reason }]
    expect({ json, exitCode }).toEqual({ json: { ...nothing, replaced: 1, removed: 1, skipped }, exitCode: 0 })
    expect(stateOf(env)).toEqual(['alice cli - a', 'carol sso - old'])
    const text = await admin(['import-aws-role-arns', file], { env })
    expect(text.stdout).toContain(`1 unchanged, 0 removed, 1 skipped, 0 invalid lines\n  skipped carol: ${reason}\n`)
  })

  test('counts a role that stands twice once, and warns', async () => {
    const env = newPlace(directory)
    const { json, stderr } = await importJson(env, fileWith(directory, `alice,${role('a')}\n`.repeat(3)))
    expect(json).toEqual({ ...nothing, created: 1 })
    expect(stderr).toContain('2 role ARNs stand more than once for the same user; each counts once')
  })

  test('as a dry run answers as the run will, needs no right to write and changes nothing', async () => {
    const env = await newStore()
    const before = [stateOf(env), eventsOf(env)]
    const text = `alice,${role('old')}\ncarol,${role('a')}\nnew,${role('a')}\nbad line\n`
    const flags = ['--prune', '--skip-invalid']
    const file = fileWith(directory, `${text.replace('bad line', 'dave,bad')}`)
    const dry = await importJson(env, file, ...flags, '--dry-run')
    expect([stateOf(env), eventsOf(env)]).toEqual(before)
    const run = await importJson(env, file, ...flags)
    expect(dry.json).toEqual(run.json)
    expect(run.json).toMatchObject({ created: 1, unchanged: 1, removed: 1, skipped: [{ username: 'carol' }] })
    const nowhere = newPlace(directory)
    expect((await importJson(nowhere, fileWith(directory, `a,${role('a')}`), '--dry-run')).json.created).toBe(1)
    expect((await admin(['store', 'status'], { env: nowhere })).exitCode).toBe(4)
  })

  test.each(['-', '/dev/stdin'])('reads %s', async (file) => {
    const env = newPlace(directory)
    const stdin = `alice,${role('a')}\n`
    const run = await adminJson(['import-aws-role-arns', file], { env, stdin })
    expect({ json: run.json, exitCode: run.exitCode }).toEqual({ json: { ...nothing, created: 1 }, exitCode: 0 })
    expect(eventsOf(env)[0].details).toBe(JSON.stringify({ import: basename(file) }))
  })

  test.each([
    ['that is not there', 'none.csv', 4, 'NOT_FOUND_FILE'],
    ['that is a directory', '.', 4, 'NOT_FOUND_FILE'],
    ['without a name', '', 2, 'USAGE_ARGUMENT'],
  ])('refuses a file %s', async (_, file, exitCode, code) => {
    const env = newPlace(directory)
    const run = await importJson(env, file === '' ? '' : join(directory, file))
    expect({ exitCode: run.exitCode, code: run.json.error.code }).toEqual({ exitCode, code })
  })
})

describe('--prune', () => {
  test('takes the roles of those who are not in the file, in any number', async () => {
    const env = newPlace(directory)
    const people = Array.from({ length: 2500 }, (_, index) => `user-${index},${role('a')}\n`)
    await importJson(env, fileWith(directory, people.join('')))
    const { json } = await importJson(env, fileWith(directory, people.slice(1200, 1300).join('')), '--prune')
    expect(json).toEqual({ ...nothing, unchanged: 100, removed: 2400 })
    expect(stateOf(env)).toHaveLength(100)
    const [{ unset }] = sqlite(env.ADMIN_DATABASE, "SELECT count(*) AS unset FROM events WHERE action = 'unset'")
    expect(unset).toBe(2400)
    expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
  })

  test.each(['--dry-run', '--json'])('names on stderr the first twenty who lose their roles, with %s', async (flag) => {
    const env = newPlace(directory)
    const names = Array.from({ length: 24 }, (_, index) => `user-${String(index).padStart(2, '0')}`)
    await importJson(env, fileWith(directory, names.map((name) => `${name},${role('a')}\n`).join('')))
    const kept = fileWith(directory, `user-01,${role('a')}\n`)
    const { stderr } = await admin(['import-aws-role-arns', kept, '--prune', flag], { env })
    const lost = names.filter((name) => name !== 'user-01')
    const named = lost.slice(0, 20).map((name) => `  ${name}\n`)
    expect(stderr).toContain(`${flag === '--json' ? 'lost' : 'would lose'} their roles:\n${named.join('')}`)
    expect(stderr).toContain('… and 3 more')
    expect(stderr).not.toContain(lost[20])
    const { json, stderr: quiet } = await importJson(
      env,
      fileWith(directory, lost.map((n) => `${n},${role('a')}\n`).join('')),
    )
    expect([Object.keys(json), quiet]).toEqual([Object.keys(nothing), expect.not.stringContaining('their roles')])
  })

  test('spares whoever stands on a line that is bad for another reason', async () => {
    const env = await newStore()
    const file = fileWith(directory, `alice,${role('old')}\nbob,not-an-arn\n`)
    expect((await importJson(env, file, '--prune', '--skip-invalid')).json).toMatchObject({ unchanged: 1, removed: 0 })
  })

  test.each([
    ['an empty file', '', []],
    ['a header alone', 'username,role_arn\n', []],
    ['nothing but bad lines', 'alice,x\n', ['--skip-invalid']],
    ['a bad line that does not tell whom it is about', `alice,${role('a')}\nbob\n`, ['--skip-invalid']],
  ])('refuses %s', async (_, text, flags) => {
    const env = await newStore()
    const before = stateOf(env)
    const run = await importJson(env, fileWith(directory, text), '--prune', ...flags)
    expect({ exitCode: run.exitCode, code: run.json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_IMPORT' })
    expect(stateOf(env)).toEqual(before)
  })
})
