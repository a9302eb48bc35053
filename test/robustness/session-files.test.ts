import { execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { sessionFiles } from '../../src/sessions/session-files.ts'
import { withProcessLock } from '../../src/store/sqlite/process-lock.ts'
import { adminJson, projectRoot, temporaryDirectory } from '../support/admin.ts'
import { isRoot, reader, testAsRoot } from '../support/people.ts'
import { person, type SessionHost, sessionLab } from '../support/session-host.ts'
import { longToken, watchedSession } from '../support/watched-session.ts'

const OWNER = isRoot ? 65534 : (process.getuid?.() ?? 0)
const STRANGER = 65533
const lab = sessionLab()
const directory = temporaryDirectory()
chmodSync(directory, 0o711)

function newPlace(): string {
  const place = join(mkdtempSync(join(directory, 'place-')), 'sessions')
  chmodSync(dirname(place), 0o711)
  return place
}

function startWriter(place: string, ...times: readonly string[]) {
  const script = join(projectRoot, 'test', 'support', 'write-sessions.ts')
  return spawn(process.execPath, [script, place, String(OWNER), ...times], { stdio: ['ignore', 'pipe', 'inherit'] })
}

function firstLine(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve) => child.stdout?.once('data', (chunk: Buffer) => resolve(String(chunk).trim())))
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve) => child.once('close', () => resolve()))
}

describe('a token file', () => {
  testAsRoot('is at no moment for another user to read, while it is written 200 times', async () => {
    const place = newPlace()
    const first = startWriter(place, '1')
    const file = await firstLine(first)
    await ended(first)
    const names = [file, file.replace(/jwt$/, 'json'), join(place, '.lock')]
    const peep = spawn('python3', [join(projectRoot, 'test', 'support', 'peep.py'), place, ...names], {
      uid: STRANGER,
      gid: STRANGER,
      cwd: '/',
    })
    await firstLine(peep)
    const writer = startWriter(place, '200')
    const loose = new Set<string>()
    let looks = 0
    let isDone = false
    const done = ended(writer).then(() => {
      isDone = true
    })
    while (!isDone) {
      for (const name of readdirSync(place)) looks += look(join(place, name), loose)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await done
    const answer = new Promise<string>((resolve) =>
      peep.stdout?.once('data', (chunk: Buffer) => resolve(String(chunk))),
    )
    peep.stdin?.end()
    const { uid, tries, reads } = JSON.parse(await answer)
    expect({ uid, reads, loose: [...loose] }).toEqual({ uid: STRANGER, reads: 0, loose: [] })
    expect(tries).toBeGreaterThan(1000)
    expect(looks).toBeGreaterThan(200)
    expect(writer.exitCode).toBe(0)
  })

  test('is whole or not there, wherever its writer is killed', async () => {
    const place = newPlace()
    const whole = new Set(Array.from({ length: 10 }, (_, round) => longToken(round)))
    for (let round = 0; round < 30; round += 1) {
      const writer = startWriter(place)
      const file = await firstLine(writer)
      await new Promise((resolve) => setTimeout(resolve, randomInt(30)))
      writer.kill('SIGKILL')
      await ended(writer)
      if (existsSync(file)) expect(whole.has(readFileSync(file, 'utf8'))).toBe(true)
      expect(strayModes(place)).toEqual([])
    }
    const files = sessionFiles(place, withProcessLock)
    await files.exclusively(async () => files.put(watchedSession(OWNER), longToken(3)))
    expect(readdirSync(place).filter((name) => !/^(\.lock|nobody-[0-9a-f]{40}\.(jwt|json))$/.test(name))).toEqual([])
    expect(files.list().sessions).toHaveLength(1)
  }, 60_000)

  testAsRoot('stays as it was where there is no space left, and half of the new one is nowhere', async () => {
    const place = newPlace()
    mkdirSync(place, { mode: 0o711 })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k,mode=0711', 'tmpfs', place])
    try {
      const host = hostAt(place)
      const token = await host.logIn()
      const { json } = await host.begin(token)
      fill(place)
      const refused = await host.begin(await lab.provider.sign({ preferred_username: person, pad: 'x'.repeat(9000) }))
      expect(refused).toMatchObject({ exitCode: 7, json: { error: { code: 'UNAVAILABLE_FILE' } } })
      expect(readFileSync(json.tokenFile, 'utf8')).toBe(token)
      expect(readdirSync(place).filter((name) => name.endsWith('.new'))).toEqual([])
      await host.run(['session', 'end', person])
      fill(place)
      const fresh = await host.begin(await lab.provider.sign({ preferred_username: person, pad: 'x'.repeat(9000) }))
      expect(fresh.exitCode).toBe(7)
      expect(readdirSync(place).sort()).toEqual(['.lock', 'filler'])
    } finally {
      execFileSync('umount', [place])
    }
  })

  test('is not put where a symbolic link is in its place, nor written through it', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const { json } = await host.begin(token)
    const target = join(host.directory, 'target')
    writeFileSync(target, 'mine')
    rmSync(json.tokenFile)
    symlinkSync(target, json.tokenFile)
    expect(await host.begin(token)).toMatchObject({ exitCode: 3, json: { error: { code: 'REFUSED_UNSAFE_FILE' } } })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect((await host.run(['session', 'end', person, '--role', json.roleArn])).exitCode).toBe(0)
    expect(lstatSync(target).isFile()).toBe(true)
    expect((await host.begin(token)).exitCode).toBe(0)
  })

  testAsRoot('is not put in the place of one of somebody else', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const { json } = await host.begin(token)
    chownSync(json.tokenFile, STRANGER, STRANGER)
    const { json: refused, exitCode } = await host.begin(token)
    expect({ exitCode, code: refused.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_UNSAFE_FILE' })
    expect(refused.error.message).toContain(`it belongs to uid ${STRANGER}`)
  })

  test('that its owner has opened to others is closed again', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const { json } = await host.begin(token)
    chmodSync(json.tokenFile, 0o644)
    expect((await host.begin(token)).exitCode).toBe(0)
    expect(statSync(json.tokenFile).mode & 0o777).toBe(0o600)
  })

  testAsRoot('of somebody else is for nobody but root to give', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const place = join(host.directory, 'own')
    mkdirSync(place)
    chownSync(place, STRANGER, STRANGER)
    const own = { ADMIN_DATABASE: join(place, 'admin.db'), ADMIN_SESSION_DIRECTORY: join(place, 'sessions') }
    const { json, exitCode } = await adminJson(['session', 'env', person, '--id-token-file', '-'], {
      ...reader(),
      env: { ...host.env, ...own },
      stdin: token,
    })
    expect({ exitCode, message: json.error.message }).toEqual({
      exitCode: 6,
      message: expect.stringContaining('only root can give "nobody" (uid 65534) a token file'),
    })
  })
})

describe('the directory of token files', () => {
  type Spoilt = [string, (place: string) => void]
  const spoilt: readonly Spoilt[] = [
    ['a symbolic link', (place) => [mkdirSync(`${place}.real`), symlinkSync(`${place}.real`, place)]],
    ['a file', (place) => writeFileSync(place, '')],
    ['open for others to write', (place) => [mkdirSync(place), chmodSync(place, 0o733)]],
    ['below a directory that others may write', (place) => [mkdirSync(place), chmodSync(dirname(place), 0o777)]],
    ...(isRoot
      ? [
          [
            'of somebody else',
            (place: string) => [mkdirSync(place), chownSync(place, STRANGER, STRANGER)],
          ] satisfies Spoilt,
        ]
      : []),
  ]

  test.each(spoilt)('is refused where it is %s', async (_, spoil) => {
    const place = newPlace()
    spoil(place)
    const host = hostAt(place)
    const token = await host.logIn()
    expect(await host.begin(token)).toMatchObject({ exitCode: 3, json: { error: { code: 'REFUSED_UNSAFE_FILE' } } })
  })

  test.each([0o700, 0o755, 0o500])('is mended where its mode is %o', async (mode) => {
    const place = newPlace()
    mkdirSync(place)
    chmodSync(place, mode)
    const host = hostAt(place)
    expect((await host.begin(await host.logIn())).exitCode).toBe(0)
    expect(statSync(place).mode & 0o777).toBe(isRoot ? 0o711 : 0o700)
  })
})

describe('a session that is begun while its role is taken away', () => {
  test('is refused or ended: none outlives it', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const file = host.tokenFile(token)
    for (let round = 0; round < 3; round += 1) {
      await host.run(['set-aws-role-arns', person, 'arn:aws:iam::123456789012:role/analyst', '--force'])
      await Promise.all([
        host.run(['session', 'env', person, '--id-token-file', file]),
        host.run(['session', 'env', person, '--id-token-file', file]),
        host.run(['unset-aws-role-arns', person]),
        host.run(['session', 'env', person, '--id-token-file', file]),
      ])
      expect(existsSync(host.sessions) ? host.files() : []).toEqual([])
    }
  })
})

function hostAt(place: string): SessionHost {
  const host = lab.host()
  const options = { env: { ADMIN_SESSION_DIRECTORY: place } }
  return {
    ...host,
    run: (argv) => host.run(argv, options),
    begin: (token) => host.runJson(['session', 'env', person, '--id-token-file', host.tokenFile(token)], options),
  }
}

/** Adds what others could use of it; answers whether it was there. */
function look(file: string, loose: Set<string>): number {
  try {
    const { mode, uid } = lstatSync(file)
    if ((mode & 0o077) !== 0 || ![0, OWNER].includes(uid)) loose.add(`${file} ${mode.toString(8)} ${uid}`)
    return 1
  } catch {
    return 0
  }
}

function strayModes(place: string): readonly string[] {
  return readdirSync(place).filter((name) => (statSync(join(place, name)).mode & 0o077) !== 0)
}

function fill(place: string): void {
  try {
    writeFileSync(join(place, 'filler'), Buffer.alloc(2 ** 20))
  } catch {
    return
  }
}
