import { execFileSync } from 'node:child_process'
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
    const { files } = loadsOf(['get-aws-role-arns', 'alice'])
    const ours = files.filter((file) => file.startsWith(projectRoot)).map((file) => basename(file))
    expect(ours.filter((name) => !name.endsWith('.node') && name !== 'record-loads.cjs')).toEqual(['admin.cjs'])
  })

  test.each(['crypto', 'http', 'https', 'http2', 'tls', 'zlib', 'dns', 'worker_threads', 'sqlite', 'inspector'])(
    'does not load node:%s',
    (builtin) => {
      expect(loadsOf(['get-aws-role-arns', 'alice']).builtins).not.toContain(builtin)
    },
  )

  test('has no semver in its bundle: oclif leaves the check of the Node version to the launcher', () => {
    expect(readFileSync(join(dist, bundle), 'latin1')).not.toContain('SEMVER_SPEC_VERSION')
  })
})

describe('the code cache', () => {
  test('belongs to the bundle and is accepted', () => {
    expect(isCacheRejected(join(dist, bundle))).toBe(false)
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
}

function loadsOf(argv: readonly string[]): Loads {
  const record = join(directory, 'loads.json')
  const preload = join(import.meta.dirname, 'support', 'record-loads.cjs')
  execFileSync(process.execPath, ['--require', preload, adminFile, ...argv], {
    env: { HOME: '/nonexistent', ADMIN_DATABASE: database, RECORD_LOADS: record },
  })
  return JSON.parse(readFileSync(record, 'utf8'))
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
