import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, type Run, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { describeEngines } from '../../support/engines.ts'
import { stranger, testAsRoot } from '../../support/people.ts'
import { SyslogServer } from '../../support/syslog-server.ts'

const directory = temporaryDirectory()

/** A place of its own: a store, and a configuration that says where its events go. */
function site(forwardEvents: Record<string, unknown>) {
  const home = join(directory, randomUUID())
  mkdirSync(home)
  const config = join(home, 'config.yaml')
  writeFileSync(config, JSON.stringify({ database: join(home, 'admin.db'), forwardEvents }))
  const env = { ADMIN_CONFIG: config }
  const run = (...argv: string[]) => admin(argv, { env })
  const log = async (...more: string[]) => {
    const { stdout } = await admin(['audit', 'log', '--format', 'jsonl', ...more], { env })
    return stdout.trim().split('\n').reverse()
  }
  return { home, env, run, log }
}

const eventsFile = () => join(directory, `${randomUUID()}.jsonl`)
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n')

describe('events forwarded to a file', () => {
  test('are the lines of audit log, oldest first, in a file that others may not read', async () => {
    const file = eventsFile()
    const { run, log } = site({ file })
    await run('set-aws-role-arns', 'alice', analyst, '--reason', 'tab \u2192 "quotes" \u{1f600}')
    await run('set-aws-role-arns', 'jos\u00e9', `${analyst},${engineer}`)
    const last = await run('unset-aws-role-arns', 'alice', '--json')
    expect(last).toMatchObject({ exitCode: 0, stderr: '' })
    expect(linesOf(file)).toEqual(await log())
    expect(linesOf(file)).toHaveLength(3)
    expect((statSync(file).mode & 0o7777).toString(8)).toBe('640')
  })

  test('are those of any store that is written to, also one that an option names', async () => {
    const file = eventsFile()
    const { run, home } = site({ file })
    const other = join(home, 'other.db')
    await run('set-aws-role-arns', 'alice', analyst, '--database', other)
    expect(linesOf(file)).toHaveLength(1)
  })

  test('are none where nothing happened', async () => {
    const file = eventsFile()
    const { run } = site({ file })
    await run('set-aws-role-arns', 'alice', analyst, '--dry-run')
    await run('unset-aws-role-arns', 'alice')
    await run('get-aws-role-arns', 'alice')
    expect(existsSync(file)).toBe(false)
  })

  test('of many processes at once are whole lines, each once', async () => {
    const file = eventsFile()
    const { run, log } = site({ file })
    const people = Array.from({ length: 24 }, (_, index) => `user-${index}`)
    const runs = await Promise.all(people.map((name) => run('set-aws-role-arns', name, analyst)))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(people.map(() => 0))
    expect(linesOf(file).sort()).toEqual((await log()).sort())
  })

  test('go to a new file after the old one was rotated away, and begin a line of their own after half a line', async () => {
    const file = eventsFile()
    const { run } = site({ file })
    await run('set-aws-role-arns', 'alice', analyst)
    execFileSync('mv', [file, `${file}.1`])
    await run('set-aws-role-arns', 'bob', analyst)
    expect([linesOf(`${file}.1`), linesOf(file)].map((lines) => lines.length)).toEqual([1, 1])
    writeFileSync(file, '{"id":2,"at":"20', { flag: 'w' })
    await run('set-aws-role-arns', 'carol', analyst)
    const [torn, whole] = linesOf(file)
    expect([torn, JSON.parse(whole ?? '').username]).toEqual(['{"id":2,"at":"20', 'carol'])
  })

  test('carry nothing that acts on a terminal or breaks a line', async () => {
    const file = eventsFile()
    const { run, log } = site({ file })
    const name = `=cmd|'\u202eevil\u{1f600}"\\${'\u00e9'.repeat(200)}`
    expect((await run('set-aws-role-arns', name, analyst, '--reason', 'a\u2028b \u0645')).exitCode).toBe(0)
    expect(linesOf(file)).toEqual(await log())
    expect(readFileSync(file, 'utf8')).not.toMatch(/[\u202e\u2028]/)
  })
})

describeEngines('events of a large import', (engine) => {
  test('are forwarded as they stand in the log, all of them and in order', async () => {
    const store = await engine.newStore()
    const [file, people] = [eventsFile(), join(directory, `${randomUUID()}.csv`)]
    const rows = Array.from({ length: 4500 }, (_, index) => `user-${index},${analyst}`)
    writeFileSync(people, `username,role_arn\n${rows.join('\n')}\n`)
    const { env } = site({ file })
    const own = { env: { ...env, ADMIN_DATABASE: store.url } }
    await admin(['set-aws-role-arns', 'user-7', engineer, '--expires', '1m'], own)
    await store.rows("UPDATE assignments SET expires_at = '2020-01-01T00:00:00Z'")
    expect(await admin(['import-aws-role-arns', people], own)).toMatchObject({ exitCode: 0 })
    const { stdout } = await admin(['audit', 'log', '--format', 'jsonl'], own)
    const log = stdout.trim().split('\n').reverse()
    expect(log.length).toBeGreaterThan(4500)
    expect(linesOf(file)).toEqual(log)
  })
})

describe('a sink that takes nothing', () => {
  const broken: readonly (readonly [string, (file: string) => void, RegExp])[] = [
    ['a symbolic link', (file) => symlinkSync('/dev/null', file), /it is a symbolic link/],
    ['a directory', (file) => mkdirSync(file), /it is not a plain file/],
    ['a pipe', (file) => execFileSync('mkfifo', [file]), /it is not a plain file/],
    ['open to everybody', (file) => [writeFileSync(file, ''), chmodSync(file, 0o666)], /everybody may write it/],
  ]
  test.each(broken)('as a file that is %s leaves the change standing, and says how to go on', async (_, make, why) => {
    const file = eventsFile()
    make(file)
    const { run, log } = site({ file })
    const set = await run('set-aws-role-arns', 'alice', analyst)
    expect(set).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('alice now has 1 AWS role') })
    expect(set.stderr).toMatch(why)
    expect(set.stderr).toContain(`event 1 was not forwarded to ${file}`)
    const [, replay = ''] = /admin (audit log .*)\n/.exec(set.stderr) ?? []
    const { stdout } = await run(...replay.split(' '))
    expect(stdout.trim().split('\n')).toEqual(await log())
  })

  testAsRoot('as a file of somebody else is refused', async () => {
    const file = eventsFile()
    writeFileSync(file, '')
    chownSync(file, 65534, 65534)
    const { run } = site({ file })
    expect((await run('set-aws-role-arns', 'alice', analyst)).stderr).toContain('it belongs to uid 65534')
    expect(readFileSync(file, 'utf8')).toBe('')
  })

  test('does not keep the others from theirs', async () => {
    const file = eventsFile()
    const { env } = site({ file, syslog: { socket: join(directory, 'nobody-listens') } })
    const { json, exitCode, stderr } = await adminJson(['set-aws-role-arns', 'alice', analyst], { env })
    expect({ exitCode, outcome: json.outcome }).toEqual({ exitCode: 0, outcome: 'created' })
    expect(stderr).toContain('No such file or directory')
    expect(linesOf(file)).toHaveLength(1)
  })

  test('for lack of a logger is named', async () => {
    const { env } = site({ syslog: { socket: join(directory, 'no-logger') } })
    const set = await admin(['set-aws-role-arns', 'alice', analyst], { env: { ...env, PATH: '/nonexistent' } })
    expect(set).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('there is no logger (util-linux)') })
  })

  test('because its reader is stuck does not hold the command up for long', async () => {
    const socket = join(directory, 'stuck')
    const server = await SyslogServer.start(socket)
    server.pause()
    const { run } = site({ syslog: { socket } })
    const runs: Run[] = []
    // A local socket holds some messages before it blocks (unix(7), max_dgram_qlen).
    for (let count = 0; count < 40 && !runs.some(({ stderr }) => stderr.includes('it took nothing')); count += 1)
      runs.push(await run('set-aws-role-arns', `user-${count}`, analyst))
    expect(runs.every(({ exitCode }) => exitCode === 0)).toBe(true)
    expect(runs.at(-1)?.stderr).toContain('it took nothing for')
    await server.stop()
  }, 60_000)
})

describe('events forwarded to syslog', () => {
  test('are messages of RFC 5424 whose text is the line of audit log', async () => {
    const socket = join(directory, 'log')
    const server = await SyslogServer.start(socket)
    const { run, log } = site({ syslog: { socket } })
    await run('set-aws-role-arns', 'alice', analyst, '--reason', '<13>1 - - - - - forged')
    const list = Array.from({ length: 100 }, (_, index) => `${analyst}-${'x'.repeat(40)}-${index}`).join(',')
    const large = await run('set-aws-role-arns', 'jos\u00e9', list)
    expect(large).toMatchObject({ exitCode: 0, stderr: '' })
    const messages = await server.messages(2)
    const [authpriv, info] = [10, 6]
    const common = { facility: authpriv, severity: info, app: 'admin', msgid: 'event' }
    expect(messages).toMatchObject([common, common])
    expect(messages.map(({ text }) => text)).toEqual(await log())
    for (const { timestamp, procid, host } of messages) {
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}(Z|[+-]\d\d:\d\d)$/)
      expect([procid, host]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^[\x21-\x7e]+$/)])
    }
    await server.stop()
  })

  test('carry the facility that was configured', async () => {
    const socket = join(directory, 'facility')
    const server = await SyslogServer.start(socket)
    const { run } = site({ syslog: { socket, facility: 'local3' } })
    await run('set-aws-role-arns', 'alice', analyst)
    expect(await server.messages(1)).toMatchObject([{ facility: 19 }])
    await server.stop()
  })
})

describe('the configuration of forwarding', () => {
  test.each([
    [{ file: 'events.jsonl' }, 'forwardEvents.file must be an absolute path'],
    [{ file: 5 }, 'forwardEvents.file must be a text, not the number 5'],
    [{ syslog: { facility: 'secret' } }, 'forwardEvents.syslog.facility must be one of auth,'],
    [{ syslog: { socket: 'log' } }, 'forwardEvents.syslog.socket must be an absolute path'],
    [{ syslog: { level: 'info' } }, 'forwardEvents.syslog.level is not a known key'],
    [{ kafka: {} }, 'forwardEvents.kafka is not a known key'],
  ])('refuses %j before anything is changed, naming file, line and key', async (forwardEvents, problem) => {
    const { run, env, home } = site(forwardEvents)
    const set = await run('set-aws-role-arns', 'alice', analyst)
    expect(set).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`${env.ADMIN_CONFIG}:1: ${problem}`) })
    expect(existsSync(join(home, 'admin.db'))).toBe(false)
  })

  testAsRoot('that somebody may not read does not keep them from their own store', async () => {
    const home = join(directory, randomUUID())
    mkdirSync(join(home, 'admin'), { recursive: true })
    writeFileSync(join(home, 'admin', 'config.yaml'), 'forwardEvents: {}', { mode: 0o600 })
    chmodSync(directory, 0o755)
    chownSync(home, 65534, 65534)
    const database = join(home, 'own.db')
    const someone = { ...stranger(), env: { XDG_CONFIG_HOME: home } }
    const own = await admin(['set-aws-role-arns', 'alice', analyst, '--database', database], someone)
    expect(own).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('those of this command are not') })
    const asConfigured = await admin(['set-aws-role-arns', 'alice', analyst], someone)
    expect(asConfigured.exitCode).toBe(6)
  })
})
