import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Instant, systemClock } from '../src/clock.ts'
import { credentialCache } from '../src/sessions/credential-cache.ts'
import { admin, adminFile, projectRoot, temporaryDirectory } from './support/admin.ts'
import { analyst } from './support/arns.ts'
import { testAsRoot } from './support/people.ts'

const NOBODY = 65534
const directory = temporaryDirectory()
const database = join(directory, 'admin.db')
const dist = join(projectRoot, 'dist')
const bundle = readdirSync(dist).find((name) => /^main-[0-9A-Z]+\.cjs$/.test(name)) ?? 'no bundle'

beforeAll(async () => {
  chmodSync(directory, 0o755)
  const { exitCode } = await admin(['set-aws-role-arns', 'alice', analyst, '--database', database])
  expect(exitCode).toBe(0)
})

describe('reading one person', () => {
  test('loads the launcher and the SQLite addon, and no library in a file of its own', () => {
    const { caches, files } = loadsOf(['get-aws-role-arns', 'alice'])
    const ours = files.filter((file) => file.startsWith(projectRoot)).map((file) => basename(file))
    expect(ours.filter((name) => !name.endsWith('.node') && name !== 'record-loads.cjs')).toEqual(['admin.cjs'])
    expect(caches).toEqual([{ name: bundle, isAccepted: true }])
  })

  test.each([
    'child_process',
    'crypto',
    'http',
    'https',
    'http2',
    'tls',
    'zlib',
    'dns',
    'worker_threads',
    'sqlite',
    'inspector',
    'perf_hooks',
    'readline',
    'fs/promises',
    'tty',
  ])('does not load node:%s', (builtin) => {
    expect(loadsOf(['get-aws-role-arns', 'alice']).builtins).not.toContain(builtin)
  })

  test('has no semver in its bundle: oclif leaves the check of the Node version to the launcher', () => {
    expect(readFileSync(join(dist, bundle), 'latin1')).not.toContain('SEMVER_SPEC_VERSION')
  })
})

describe('credentials of a session that are kept', () => {
  const argv = ['session', 'credentials', 'alice']

  /** As the program itself keeps them. */
  async function keep(cache: string): Promise<void> {
    const value = {
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
      expiration: '2999-01-01T00:00:00Z' as Instant,
    }
    const inputs = { username: 'alice', roleArn: analyst, roleSessionName: 'alice', subject: null }
    const request = { kind: 'session', inputs, margin: 0, parse: () => null, fetch: async () => value }
    await credentialCache(join(cache, 'credentials'), systemClock, (_, work) => work()).get(request)
  }

  test('need the main file and one small one, no cryptography and no client of AWS', async () => {
    const cache = join(directory, 'session-cache')
    await keep(cache)
    const { caches, builtins } = loadsOf(argv, { ADMIN_CACHE_DIRECTORY: cache })
    const names = caches.map(({ name }) => name.replace(/-[0-9A-Z]+\.cjs$/, ''))
    expect({ names, isAccepted: caches.every((one) => one.isAccepted) }).toEqual({
      names: ['main', 'frequent'],
      isAccepted: true,
    })
    for (const builtin of ['crypto', 'http', 'https', 'child_process', 'tls']) expect(builtins).not.toContain(builtin)
  })
})

describe('signing a token for a database', () => {
  const host = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
  const argv = ['rds', 'token', '--hostname', host, '--port', '5432', '--username', 'analyst']

  test('with keys of the environment loads the signer and the keys, none of the clients and little of Node.js', () => {
    const { builtins, caches } = loadsOf(argv, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' })
    expect(caches.map(({ name }) => name.replace(/-[0-9A-Z]+\.cjs$/, ''))).toEqual([
      ...['main', 'rds', 'shared', 'aws-sdk-environment-keys', 'aws-sdk-rds-signer'],
    ])
    expect(caches.filter(({ isAccepted }) => !isAccepted)).toEqual([])
    const slow = ['crypto', 'child_process', 'dns', 'dns/promises', 'http', 'https', 'tls', 'zlib', 'fs/promises']
    expect(builtins.filter((builtin) => slow.includes(builtin))).toEqual([])
  })
})

describe('the everyday commands', () => {
  const everyday = ['audit:log', 'audit:who-has', 'get-aws-role-arns', 'set-aws-role-arns', 'unset-aws-role-arns']

  test('need no file but the launcher, the main one and the SQLite addon', () => {
    const program = copyOfProgram('everyday')
    for (const name of readdirSync(join(program, 'dist')))
      if (!/^(admin|main-.*)\.cjs|\.node$/.test(name)) rmSync(join(program, 'dist', name))
    const store = ['--database', join(directory, 'everyday.db')]
    runCopy(program, ['set-aws-role-arns', 'carol', analyst, ...store])
    expect(runCopy(program, ['get-aws-role-arns', 'carol', ...store])).toBe(`${analyst}\n`)
    expect(runCopy(program, ['audit', 'log', '--limit', '1', ...store])).toContain('carol')
    expect(runCopy(program, ['audit', 'who-has', analyst, ...store])).toContain('carol')
    runCopy(program, ['unset-aws-role-arns', 'carol', ...store])
    expect(runCopy(program, ['--help'])).toContain('TOPICS')
  })

  const manifest = JSON.parse(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'))
  test.each(Object.keys(manifest.commands))('%s stands in the main file only if it is one of them', (id) => {
    // As esbuild writes it, which may quote it in one way or another.
    const [summary = ''] = /^[\w ,.:;-]+/.exec(manifest.commands[id].summary) ?? []
    const files = readdirSync(dist).filter((name) => name.endsWith('.cjs') && textOf(name).includes(summary))
    expect(files).toHaveLength(1)
    expect(files[0]?.startsWith('main-')).toBe(everyday.includes(id))
  })

  test('are not slowed down by others: what every run reads stays below 530 kB', () => {
    expect(textOf(bundle).length).toBeLessThan(530_000)
  })
})

describe('the code cache', () => {
  const files = readdirSync(dist).filter((name) => name.endsWith('.cjs') && name !== 'admin.cjs')

  // The clients of AWS are loaded under a setting of V8 that their caches know: see the next test.
  test.each(files.filter((name) => !/^aws-sdk-(?!rds-signer|credential-chain|environment-keys)/.test(name)))(
    'of %s is accepted',
    (name) => {
      expect(isCacheRejected(join(dist, name))).toBe(false)
    },
  )

  test('is accepted where a plan loads the clients of AWS', () => {
    const spec = join(directory, 'spec.yaml')
    const names = ['--issuer', 'https://sso.example.com', '--client-id', 'workbench', '--role', 'analyst']
    runCopy(projectRoot, ['provision', 'init', spec, ...names])
    const { caches, builtins } = loadsOf(['provision', 'plan', spec], {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_MAX_ATTEMPTS: '1',
    })
    expect(builtins).toContain('http')
    const rejected = caches.filter(({ isAccepted }) => !isAccepted)
    expect({ rejected, names: caches.map(({ name }) => name.replace(/-[0-9A-Z]+\.cjs$/, '')) }).toEqual({
      rejected: [],
      names: expect.arrayContaining(['main', 'provision', 'yaml', 'aws-sdk-iam']),
    })
  })

  const bytes = readFileSync(join(dist, `${bundle}.cache`))
  const damages: readonly [string, (file: string) => void][] = [
    ['missing', (file) => rmSync(file)],
    ['empty', (file) => truncateSync(file, 0)],
    ['cut short', (file) => truncateSync(file, Math.floor(bytes.length / 2))],
    ['from another version of V8', (file) => writeFileSync(file, Buffer.from(bytes).fill(0xff, 4, 8))],
    ['no cache at all', (file) => writeFileSync(file, 'nothing of the kind')],
    ['a directory', (file) => [rmSync(file), mkdirSync(file)]],
  ]
  test.each(damages)('is done without where it is %s', (what, damage) => {
    const program = copyOfProgram(what.replaceAll(' ', '-'))
    damage(join(program, 'dist', `${bundle}.cache`))
    expect(runCopy(program, ['get-aws-role-arns', 'alice', '--database', database])).toBe(`${analyst}\n`)
  })

  testAsRoot('is done without where another user may not read it', () => {
    const program = copyOfProgram('unreadable')
    chmodSync(join(program, 'dist', `${bundle}.cache`), 0o600)
    expect(runCopy(program, ['--version'], { uid: NOBODY, gid: NOBODY })).toMatch(/^admin\/\d/)
  })
})

describe('the program where it was put', () => {
  test('needs neither the repository nor its own directory as the current one', () => {
    const program = copyOfProgram('elsewhere')
    expect(runCopy(program, ['get-aws-role-arns', 'alice', '--database', database], { cwd: '/' })).toBe(`${analyst}\n`)
    expect(runCopy(program, ['store', '--help'], { cwd: '/' })).toContain('store status')
  })

  testAsRoot('serves a user who may write nothing of it, and writes nothing there', () => {
    const program = copyOfProgram('read-only')
    const own = join(directory, 'own')
    mkdirSync(own)
    chownSync(own, NOBODY, NOBODY)
    execFileSync('chmod', ['-R', 'a-w,a+rX', program])
    const before = readdirSync(program, { recursive: true }).sort()
    const asNobody = { uid: NOBODY, gid: NOBODY, cwd: '/' }
    const store = ['--database', join(own, 'admin.db')]
    runCopy(program, ['set-aws-role-arns', 'bob', analyst, ...store], asNobody)
    expect(runCopy(program, ['get-aws-role-arns', 'bob', ...store], asNobody)).toBe(`${analyst}\n`)
    expect(readdirSync(program, { recursive: true }).sort()).toEqual(before)
  })
})

interface Loads {
  readonly builtins: readonly string[]
  readonly files: readonly string[]
  readonly caches: readonly { readonly name: string; readonly isAccepted: boolean }[]
}

/** What a run loads, however it ends. */
function loadsOf(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Loads {
  const record = join(directory, 'loads.json')
  rmSync(record, { force: true })
  const preload = join(import.meta.dirname, 'support', 'record-loads.cjs')
  spawnSync(process.execPath, ['--require', preload, adminFile, ...argv], {
    env: { HOME: '/nonexistent', ADMIN_DATABASE: database, RECORD_LOADS: record, ...environment },
  })
  return JSON.parse(readFileSync(record, 'utf8'))
}

function textOf(name: string): string {
  return readFileSync(join(dist, name), 'latin1')
}

/** In a process of its own, for V8 compares its switches too and jest may have set some. */
function isCacheRejected(file: string): boolean {
  const program = `
    const { readFileSync } = require('node:fs')
    const source = require('node:module').wrap(readFileSync(${JSON.stringify(file)}, 'latin1'))
    const cachedData = readFileSync(${JSON.stringify(`${file}.cache`)})
    console.log(new (require('node:vm').Script)(source, { cachedData }).cachedDataRejected)`
  return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim() !== 'false'
}

/** What an installation consists of, beside its Node. */
function copyOfProgram(name: string): string {
  const program = join(directory, name)
  cpSync(dist, join(program, 'dist'), { recursive: true })
  cpSync(join(projectRoot, 'oclif.manifest.json'), join(program, 'oclif.manifest.json'))
  return program
}

function runCopy(
  program: string,
  argv: readonly string[],
  options: { uid?: number; gid?: number; cwd?: string } = {},
): string {
  const environment = { HOME: '/nonexistent', NO_COLOR: '1' }
  return execFileSync(process.execPath, [join(program, 'dist', 'admin.cjs'), ...argv], {
    ...options,
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
