import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { projectRoot } from './support/admin.ts'

const useCases = ['assignments', 'sso', 'provisioning', 'databases', 'sessions', 'audit', 'diagnosis']

/**
 * Which rooms may know which. Arrows point down only: commands → cli → use-cases → iam. Use-cases own the ports that
 * store, aws and config serve; only cli wires them together.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  commands: ['cli', ...useCases, 'iam', 'config', 'errors', 'clock'],
  bin: ['commands', 'cli', 'errors', 'package.json'],
  cli: [
    ...useCases,
    'aws',
    'store',
    'database-servers',
    'connection',
    'config',
    'iam',
    'private-files',
    'errors',
    'clock',
  ],
  assignments: ['audit', 'iam', 'errors', 'clock'],
  sso: ['assignments', 'audit', 'config', 'iam', 'private-files', 'file-failure', 'errors', 'clock'],
  provisioning: ['assignments', 'audit', 'config', 'iam', 'errors', 'clock'],
  sessions: ['assignments', 'audit', 'sso', 'iam', 'private-files', 'file-failure', 'errors', 'clock'],
  databases: ['sessions', 'iam', 'private-files', 'file-failure', 'errors', 'clock'],
  'database-servers': ['databases', 'connection', 'known-errors', 'iam', 'errors', 'clock'],
  diagnosis: ['known-errors', 'sso', 'iam', 'errors', 'clock'],
  audit: ['iam', 'errors', 'clock'],
  aws: ['provisioning', 'sessions', 'databases', 'known-errors', 'iam', 'errors', 'clock'],
  store: [
    'assignments',
    'audit',
    'sso',
    'sessions',
    'file-failure',
    'connection',
    'iam',
    'errors',
    'clock',
    'migrations',
  ],
  config: ['iam', 'errors'],
  migrations: ['store'],
  iam: ['errors'],
  connection: ['known-errors', 'iam', 'errors'],
  'known-errors': ['errors'],
  'private-files': ['iam', 'file-failure', 'errors'],
  'file-failure': ['errors'],
  errors: [],
  clock: [],
}

const libraries: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['store'],
  kysely: ['store'],
  pg: ['store', 'database-servers'],
  'pg-cursor': ['store'],
  'pg-copy-streams': ['store'],
  '@aws-sdk/': ['aws'],
  '@smithy/': ['aws'],
  inquirer: ['cli'],
  chalk: ['cli'],
  jose: ['sso'],
  'openid-client': ['sso'],
  mysql2: ['database-servers'],
  yaml: ['config'],
  zod: ['config'],
  '@oclif/core': ['commands', 'cli', 'bin'],
}

interface Import {
  readonly file: string
  readonly from: string
  readonly target: string
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.c?ts$/.test(name))
    .map((name) => join(folder, name))
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(projectRoot, file), 'utf8')
  const found = text.matchAll(/(?:from|import|import\()\s*'([^']+)'/g)
  return [...found].map(([, target = '']) => ({ file, from: roomOf(file), target }))
}

/** `src/iam/role-arn.ts` is in `iam`, `src/errors.ts` in `errors`, `commands/…` in `commands`. */
function roomOf(file: string): string {
  const [first = '', second = first] = file.split('/')
  return (first === 'src' ? second : first).replace(/\.ts$/, '')
}

function roomOfTarget({ file, target }: Import): string {
  return roomOf(relative(projectRoot, resolve(projectRoot, dirname(file), target)))
}

const files = ['src', 'commands', 'migrations'].flatMap(sources)
const imports = files.flatMap(importsOf)

describe('the house', () => {
  test('has source in every place that this test looks at', () => {
    expect(files.length).toBeGreaterThan(60)
    expect(imports.length).toBeGreaterThan(200)
  })

  test('has no arrow that runs up', () => {
    const wrong = imports
      .filter(({ target }) => target.startsWith('.'))
      .filter((line) => line.from !== roomOfTarget(line) && !mayImport[line.from]?.includes(roomOfTarget(line)))
    expect(wrong).toEqual([])
  })

  test('has no command that knows another command', () => {
    const wrong = imports
      .filter(({ from, target }) => from === 'commands' && target.startsWith('.'))
      .filter((line) => roomOfTarget(line) === 'commands')
    expect(wrong).toEqual([])
  })

  test.each(Object.entries(libraries))('keeps %s in %j', (library, rooms) => {
    const users = imports.filter(
      ({ target }) => target === library || target.startsWith(library.endsWith('/') ? library : `${library}/`),
    )
    expect(users.filter(({ from }) => !rooms.includes(from))).toEqual([])
  })

  test('has no file over 250 lines and none named after nothing', () => {
    const long = files.filter((file) => readFileSync(join(projectRoot, file), 'utf8').split('\n').length > 251)
    const nameless = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types)\.ts$/.test(file))
    expect([...long, ...nameless]).toEqual([])
  })

  test('exits nowhere but at its entry', () => {
    const exits = files.filter((file) => /process\.exit\(/.test(readFileSync(join(projectRoot, file), 'utf8')))
    expect(exits.filter((file) => !file.startsWith('src/bin/'))).toEqual([])
  })
})
