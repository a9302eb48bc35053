import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst } from '../support/arns.ts'
import { deviceLogin } from '../support/device-login.ts'
import { isRoot, reader, testAsRoot } from '../support/people.ts'
import { person, type SessionHost, sessionLab } from '../support/session-host.ts'

const lab = sessionLab()
const directory = temporaryDirectory()
chmodSync(directory, 0o711)

beforeEach(() => {
  lab.provider.behaviour.idTokenSeconds = 3600
})

/** A host where the person has logged in and has a session. */
async function loggedIn(): Promise<SessionHost> {
  const host = lab.host()
  expect((await logIn(host)).exitCode).toBe(0)
  expect((await host.run(['session', 'env', person])).exitCode).toBe(0)
  return host
}

function logIn(host: SessionHost) {
  return deviceLogin(lab.provider, host, ['--json'], { account: person, env: host.env })
}

function refresh(host: SessionHost) {
  // Of the same second, it would be the same token.
  lab.provider.behaviour.idTokenSeconds += 3600
  return host.runJson(['sso', 'refresh', person])
}

async function onReadOnly<T>(place: string, work: () => Promise<T>): Promise<T> {
  execFileSync('mount', ['--bind', place, place])
  try {
    execFileSync('mount', ['-o', 'remount,bind,ro', place])
    return await work()
  } finally {
    execFileSync('umount', [place])
  }
}

describe('a login or a refresh', () => {
  test('has nothing against a note that is none of that person', async () => {
    const host = await loggedIn()
    for (const name of ['other-1.json', 'other-1.jwt']) writeFileSync(join(host.sessions, name), '{}', { mode: 0o600 })
    expect(await refresh(host)).toMatchObject({ exitCode: 0, stderr: '', json: { sessionsUpdated: 1 } })
    expect(await logIn(host)).toMatchObject({ exitCode: 0 })
    expect((await host.run(['unset-aws-role-arns', person])).exitCode).toBe(0)
  })

  test('stands where a note of theirs cannot be read: a warning, the result, and exit 8', async () => {
    const host = await loggedIn()
    const [note = ''] = host.files().filter((name) => name.endsWith('.json'))
    writeFileSync(join(host.sessions, note), 'nothing of the kind')
    const refreshed = await refresh(host)
    expect(refreshed).toMatchObject({ exitCode: 8, json: { username: person, refreshToken: 'kept' } })
    expect(refreshed.stderr).toContain(`Warning: a session of "${person}" may still have its former token`)
    expect(refreshed.stderr).toContain('the new login is applied and its tokens are kept')
    const again = await logIn(host)
    expect({ exitCode: again.exitCode, answer: JSON.parse(again.stdout) }).toMatchObject({
      exitCode: 8,
      answer: { username: person, roleArns: [analyst] },
    })
    expect(again.stderr).not.toContain('nothing was changed')
  })

  testAsRoot('stands where the directory can only be read, as is said in one line by session env', async () => {
    const host = await loggedIn()
    await onReadOnly(host.sessions, async () => {
      expect(await refresh(host)).toMatchObject({ exitCode: 8, json: { sessionsUpdated: 0 } })
      expect((await logIn(host)).exitCode).toBe(8)
      const { json, exitCode } = await host.runJson(['session', 'env', person])
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_FILE' })
      expect(json.error.message).toContain('is on a file system that can only be read')
    })
    expect(await refresh(host)).toMatchObject({ exitCode: 0, json: { sessionsUpdated: 1 } })
  })

  testAsRoot('stands where there is no space for token files', async () => {
    const host = lab.host()
    mkdirSync(host.sessions, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0711', 'tmpfs', host.sessions])
    try {
      await logIn(host)
      await host.run(['session', 'env', person])
      fill(host.sessions)
      const refreshed = await refresh(host)
      expect(refreshed).toMatchObject({ exitCode: 8, json: { sessionsUpdated: 0 } })
      expect(refreshed.stderr).toContain('there is no space left for')
    } finally {
      execFileSync('umount', [host.sessions])
    }
  })
})

describe('a session that cannot be ended as its note cannot be read', () => {
  test('is ended by the form that the warning names', async () => {
    const host = await loggedIn()
    const [note = ''] = host.files().filter((name) => name.endsWith('.json'))
    chmodSync(join(host.sessions, note), 0o644)
    const { stderr, exitCode } = await host.run(['unset-aws-role-arns', person])
    expect({ exitCode, isNamed: stderr.includes('admin session end USERNAME --role ARN') }).toEqual({
      exitCode: 8,
      isNamed: true,
    })
    expect((await host.run(['session', 'end', person])).exitCode).toBe(8)
    expect((await host.run(['session', 'end', person, '--role', analyst])).exitCode).toBe(0)
    expect(host.files()).toEqual([])
  })
})

describe('the place where credentials are kept', () => {
  const credentials = async (host: SessionHost, cache: string) => {
    const argv = ['session', 'credentials', person, '--id-token-file', host.tokenFile(await host.logIn())]
    const { json, exitCode } = await host.runJson(argv, { env: { ADMIN_CACHE_DIRECTORY: cache } })
    return { answer: `${exitCode} ${json.error.code}`, message: json.error.message as string }
  }

  test('is refused where a file is in its place, or on the way to it', async () => {
    const host = lab.host()
    const place = newPlace()
    writeFileSync(place, '', { mode: 0o600 })
    expect((await credentials(host, place)).answer).toBe('3 REFUSED_UNSAFE_FILE')
    const inside = newPlace()
    mkdirSync(inside, { mode: 0o700 })
    writeFileSync(join(inside, 'credentials'), '', { mode: 0o600 })
    const { answer, message } = await credentials(host, inside)
    expect(answer).toBe('3 REFUSED_UNSAFE_FILE')
    expect(message.split('\n')[0]).toContain(join(inside, 'credentials'))
  })

  testAsRoot('that can only be read is said to be that', async () => {
    const place = newPlace()
    mkdirSync(place, { mode: 0o700 })
    await onReadOnly(place, async () => {
      expect((await credentials(lab.host(), place)).answer).toBe('7 UNAVAILABLE_FILE')
    })
  })

  testAsRoot('that its user may not come to is denied', async () => {
    const host = lab.host()
    await host.logIn()
    const place = newPlace()
    mkdirSync(place, { mode: 0o700 })
    const own = join(directory, 'own')
    mkdirSync(own)
    const { uid = 0, gid = 0 } = reader()
    chownSync(own, uid, gid)
    const store = join(own, 'admin.db')
    const env = { ...host.env, ADMIN_DATABASE: store, ADMIN_SESSION_DIRECTORY: join(own, 'sessions') }
    await adminJson(['set-aws-role-arns', person, analyst], { ...reader(), env })
    for (const cache of [{ ADMIN_CACHE_DIRECTORY: place }, { ADMIN_CACHE_DIRECTORY: '', HOME: '/nonexistent' }]) {
      const { json, exitCode } = await adminJson(['session', 'credentials', person], {
        ...reader(),
        env: { ...env, ...cache, XDG_CACHE_HOME: '' },
      })
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_FILE' })
    }
  })
})

function newPlace(): string {
  const place = join(mkdtempSync(join(directory, 'place-')), 'place')
  if (isRoot) chmodSync(dirname(place), 0o711)
  return place
}

function fill(place: string): void {
  for (const size of [2 ** 16, 2 ** 12, 2 ** 10]) {
    try {
      writeFileSync(join(place, `filler-${size}`), Buffer.alloc(size))
    } catch {}
  }
}
