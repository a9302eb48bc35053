import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer, scientist } from '../support/arns.ts'
import { actorBehindSudo, isRoot } from '../support/people.ts'
import { sqlite } from '../support/sqlite.ts'

const directory = temporaryDirectory()

/** A store of the test's own. */
function newStore() {
  const file = join(directory, randomUUID(), 'admin.db')
  return { file, env: { ADMIN_DATABASE: file } }
}

describe('set-aws-role-arns', () => {
  test('creates, replaces and leaves alone, and says which', async () => {
    const { env } = newStore()
    const created = await adminJson(['set-aws-role-arns', 'alice', `${analyst},${scientist}`], { env })
    expect(created.json).toEqual({
      username: 'alice',
      outcome: 'created',
      source: 'cli',
      roleArns: [analyst, scientist],
      previous: null,
      expiresAt: null,
    })
    const replaced = await adminJson(['set-aws-role-arns', 'alice', engineer], { env })
    expect(replaced.json).toMatchObject({
      outcome: 'replaced',
      previous: { source: 'cli', roleArns: [analyst, scientist] },
    })
    const unchanged = await adminJson(['set-aws-role-arns', 'alice', engineer], { env })
    expect(unchanged.json).toMatchObject({ outcome: 'unchanged', previous: { source: 'cli', roleArns: [engineer] } })
  })

  test('shows a person what changed, role by role', async () => {
    const { env } = newStore()
    await admin(['set-aws-role-arns', 'alice', `${analyst},${scientist}`], { env })
    const { stdout } = await admin(['set-aws-role-arns', 'alice', `${scientist},${engineer}`], { env })
    expect(stdout).toBe(`alice now has 2 AWS roles\n  = ${scientist}\n  + ${engineer}\n  - ${analyst}\n`)
  })

  test.each([['text'], ['json']])(
    'with one bad ARN among three changes nothing and names its position (%s)',
    async (mode) => {
      const { file, env } = newStore()
      await admin(['set-aws-role-arns', 'alice', analyst], { env })
      const list = `${scientist},arn:aws:sts::123456789012:assumed-role/x/y,${engineer}`
      const run = await admin(['set-aws-role-arns', 'alice', list, ...(mode === 'json' ? ['--json'] : [])], { env })
      expect(run.exitCode).toBe(2)
      if (mode === 'json') {
        expect(JSON.parse(run.stdout).error).toMatchObject({
          code: 'INVALID_ROLE_ARN',
          details: { elements: [{ position: 2 }] },
        })
      } else {
        expect(run.stdout).toBe('')
        expect(run.stderr).toBe(
          'Error: role ARN 2 of 3 is not an IAM role: "arn:aws:sts::123456789012:assumed-role/x/y"\n' +
            '  that is a session of role "x"; the role itself is arn:aws:iam::123456789012:role/x (its path is not part of a session ARN)\n' +
            '  nothing was changed\n',
        )
      }
      expect(sqlite(file, 'SELECT count(*) AS events FROM events')).toEqual([{ events: 1 }])
      expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${analyst}\n`)
    },
  )

  test('collapses duplicates with a warning and keeps the order', async () => {
    const { env } = newStore()
    const { json, stderr } = await adminJson(['set-aws-role-arns', 'alice', `${engineer},${analyst},${engineer}`], {
      env,
    })
    expect(json.roleArns).toEqual([engineer, analyst])
    expect(stderr).toContain(`Warning: ${engineer} was given more than once`)
  })

  test('keeps the reason, the actor behind sudo, and before and after', async () => {
    const { file, env } = newStore()
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    await admin(['set-aws-role-arns', 'alice', engineer, '--reason', 'joined the on-call'], {
      env: { ...env, SUDO_USER: 'carol', SUDO_UID: '1007' },
    })
    const [event] = sqlite(file, 'SELECT * FROM events ORDER BY id DESC LIMIT 1')
    expect(event).toMatchObject({
      action: 'set',
      username: 'alice',
      reason: 'joined the on-call',
      actor: actorBehindSudo('carol'),
      actor_uid: isRoot ? 1007 : process.getuid?.(),
    })
    expect(JSON.parse(event.before)).toMatchObject({ source: 'cli', roleArns: [analyst] })
    expect(JSON.parse(event.after)).toMatchObject({ source: 'cli', roleArns: [engineer] })
  })

  test('does not believe a SUDO_USER that cannot be a user name', async () => {
    const { file, env } = newStore()
    await admin(['set-aws-role-arns', 'alice', analyst], { env: { ...env, SUDO_USER: 'root\nevil' } })
    expect(sqlite(file, 'SELECT actor FROM events')[0].actor).not.toContain('evil')
  })

  test('with --expires ends the assignment by itself, leaving an event', async () => {
    const { file, env } = newStore()
    const { json } = await adminJson(['set-aws-role-arns', 'alice', analyst, '--expires', '8h'], { env })
    expect(json.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    sqlite(file, "UPDATE assignments SET expires_at = '2026-01-01T00:00:00Z'")
    const run = await adminJson(['get-aws-role-arns', 'alice'], { env })
    expect(run.json).toMatchObject({ source: null, roleArns: [], expiresAt: null })
    expect(run.stderr).toContain('expired at 2026-01-01T00:00:00Z')
    const next = await adminJson(['set-aws-role-arns', 'alice', engineer], { env })
    expect(next.json).toMatchObject({ outcome: 'created', previous: null })
    expect(sqlite(file, 'SELECT action FROM events ORDER BY id')).toEqual([
      { action: 'set' },
      { action: 'expire' },
      { action: 'set' },
    ])
    expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
  })

  test('with --dry-run answers the same and writes nothing, not even the store', async () => {
    const { file, env } = newStore()
    const { json } = await adminJson(['set-aws-role-arns', 'alice', analyst, '--dry-run'], { env })
    expect(json).toMatchObject({ outcome: 'created', roleArns: [analyst] })
    expect(() => sqlite(file, 'SELECT 1')).toThrow('unable to open database file')
    const { stdout } = await admin(['set-aws-role-arns', 'alice', analyst, '--dry-run'], { env })
    expect(stdout).toContain('alice would have 1 AWS role')
  })

  test.each([
    ['a user name with a slash', ['a/b', analyst], 'INVALID_USERNAME'],
    ['an end in the past', ['alice', analyst, '--expires', '2020-01-01'], 'INVALID_EXPIRY'],
    ['an empty reason', ['alice', analyst, '--reason', ' '], 'USAGE_FLAG'],
    ['a reason with a line feed', ['alice', analyst, '--reason', 'a\nb'], 'USAGE_FLAG'],
    ['an unknown flag', ['alice', analyst, '--forse'], 'USAGE_FLAG'],
    ['ARNs apart instead of joined', ['alice', analyst, engineer], 'USAGE_ARGUMENT'],
    ['no user name', [], 'USAGE_ARGUMENT'],
    ['no ARN and no terminal', ['alice'], 'USAGE_ARGUMENT'],
    [
      'a database of another kind',
      ['alice', analyst, '--database', 'mysql://root:hunter2@host/db'],
      'INVALID_DATABASE',
    ],
    ['a relative database URL', ['alice', analyst, '--database', 'sqlite://admin.db'], 'INVALID_DATABASE'],
  ])('refuses %s with exit 2 in both modes', async (_, argv, code) => {
    const { env } = newStore()
    const text = await admin(['set-aws-role-arns', ...argv], { env })
    expect(text).toMatchObject({ exitCode: 2, stdout: '' })
    expect(text.stderr).toMatch(/^Error: [^A-Z]/)
    expect(text.stderr).toContain('nothing was changed')
    const { json, exitCode } = await adminJson(['set-aws-role-arns', ...argv], { env })
    expect(exitCode).toBe(2)
    expect(json).toEqual({
      error: { code, message: expect.any(String), suggestions: expect.any(Array), details: expect.any(Object) },
    })
    expect(text.stderr + JSON.stringify(json)).not.toContain('hunter2')
  })

  test.each(['alice@corp.example', 'CORP\\alice', 'josé', "o'brien", 'a'.repeat(256)])(
    'takes the user name %s',
    async (name) => {
      const { env } = newStore()
      expect((await adminJson(['set-aws-role-arns', name, analyst], { env })).json.username).toBe(name)
      expect((await admin(['get-aws-role-arns', name], { env })).stdout).toBe(`${analyst}\n`)
    },
  )
})

describe('unset-aws-role-arns', () => {
  test('removes once, is unchanged twice, and leaves an event each time something changed', async () => {
    const { file, env } = newStore()
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    const removed = await adminJson(['unset-aws-role-arns', 'alice', '--reason', 'left'], { env })
    expect(removed.json).toEqual({
      username: 'alice',
      outcome: 'removed',
      previous: { source: 'cli', roleArns: [analyst] },
    })
    const again = await adminJson(['unset-aws-role-arns', 'alice'], { env })
    expect(again.json).toEqual({ username: 'alice', outcome: 'unchanged', previous: null })
    expect(sqlite(file, "SELECT action, reason, after FROM events WHERE action = 'unset'")).toEqual([
      { action: 'unset', reason: 'left', after: null },
    ])
  })

  test('with --dry-run keeps the assignment', async () => {
    const { env } = newStore()
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    expect((await adminJson(['unset-aws-role-arns', 'alice', '--dry-run'], { env })).json.outcome).toBe('removed')
    expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${analyst}\n`)
  })

  test('of somebody unknown is fine', async () => {
    const { env } = newStore()
    expect(await admin(['unset-aws-role-arns', 'nobody'], { env })).toMatchObject({
      exitCode: 0,
      stdout: 'nobody has no AWS roles; nothing to do\n',
    })
  })
})
