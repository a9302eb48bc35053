import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { migrationList } from '../src/store/migration-list.ts'
import { admin, adminFile, adminJson, projectRoot, temporaryDirectory } from './support/admin.ts'

interface CachedCommand {
  readonly args: Readonly<Record<string, { required?: boolean }>>
  readonly flags: Readonly<
    Record<string, { type: string; multiple?: boolean; options?: readonly string[]; helpValue?: string }>
  >
  readonly examples?: readonly string[]
  readonly summary?: string
  readonly description?: string
}

const manifest: { commands: Record<string, CachedCommand> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)
const commands = Object.entries(manifest.commands)
const directory = temporaryDirectory()

/** One line a command: what a script can rely on. */
function signature([id, { args, flags }]: readonly [string, CachedCommand]): string {
  const words = Object.entries(args).map(([name, { required }]) => (required ? name : `[${name}]`))
  const options = Object.entries(flags).map(([name, flag]) => {
    const value = flag.type === 'boolean' ? '' : `=${flag.options?.join('|') ?? '…'}`
    return `--${name}${value}${flag.multiple ? '…' : ''}`
  })
  return [id.replaceAll(':', ' '), ...words.map((word) => word.toUpperCase()), ...options.sort()].join(' ')
}

describe('what scripts rely on', () => {
  test('is the command tree with its flags, as pinned in test/command-tree.txt', () => {
    const pinned = readFileSync(join(projectRoot, 'test', 'command-tree.txt'), 'utf8')
      .trim()
      .split('\n')
    expect(commands.map(signature).sort()).toEqual(pinned)
  })

  test('is told by a manifest that is fresh', () => {
    const fresh = execFileSync(process.execPath, [join(projectRoot, 'packaging', 'manifest.mjs'), '--print'], {
      encoding: 'utf8',
    })
    expect(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8')).toBe(fresh)
  })

  test('is a schema whose released steps are never edited, as pinned in test/migration-checksums.txt', () => {
    const pinned = readFileSync(join(projectRoot, 'test', 'migration-checksums.txt'), 'utf8')
      .trim()
      .split('\n')
    const checksums = migrationList.flatMap(({ name, ...texts }) =>
      Object.entries(texts).map(([engine, text]) => `${name} ${engine} ${hash('sha256', text, 'hex')}`),
    )
    expect(checksums).toEqual(pinned)
    expect(migrationList.map(({ name }) => name)).toEqual(migrationList.map(({ name }) => name).sort())
  })
})

describe('every command', () => {
  test.each(commands)(
    '%s has a summary that ends with a full stop within 80 columns and at least two examples',
    (_, { summary, examples }) => {
      expect(summary).toMatch(/^[A-Z].{1,78}\.$/)
      expect(examples?.length).toBeGreaterThanOrEqual(2)
    },
  )

  test.each(commands)('%s breaks no sentence of its help into lines, and shows what a flag takes', (_, command) => {
    expect(command.description ?? '').not.toMatch(/[^.:\n]\n[^\n]/)
    const bare = Object.values(command.flags).filter(({ type, helpValue }) => type === 'option' && !helpValue)
    for (const { options = [] } of bare) {
      expect(options).not.toEqual([])
      expect(options.join('|').length).toBeLessThan(45)
    }
  })

  test.each(commands.map(([id]) => id))('%s shows its help', async (id) => {
    const run = await admin([...id.split(':'), '--help'])
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toContain('EXAMPLES')
  })
})

describe('a failure under --json', () => {
  test.each(commands.map(([id]) => id))('of %s is one document of one shape', async (id) => {
    const { stdout, stderr, exitCode } = await admin([...id.split(':'), '--frobnicate', '--json'])
    expect({ stderr, exitCode, ...JSON.parse(stdout) }).toEqual({
      stderr: '',
      exitCode: 2,
      error: {
        code: 'USAGE_FLAG',
        message: expect.stringMatching(/^there is no flag --frobnicate here; --help lists them/),
        suggestions: [`admin ${id.replaceAll(':', ' ')} --help`],
        details: {},
      },
    })
  })
})

describe('an argument that is missing', () => {
  const needy = commands.filter(([, { args }]) => Object.values(args).some(({ required }) => required))

  test.each(needy.map(([id]) => id))('of %s is not taken from what happens to be on stdin', async (id) => {
    const env = { ADMIN_DATABASE: join(directory, 'stdin', 'admin.db') }
    const { json, exitCode } = await adminJson(id.split(':'), { env, stdin: 'mallory\n' })
    expect({ exitCode, family: json.error.code.split('_')[0] }).toEqual({ exitCode: 2, family: 'USAGE' })
  })

  test('of set-aws-role-arns is not the next line of a loop', async () => {
    const env = { ADMIN_DATABASE: join(directory, 'loop', 'admin.db') }
    const stdin = 'arn:aws:iam::123456789012:role/admin\n'
    expect((await adminJson(['set-aws-role-arns', 'alice'], { env, stdin })).exitCode).toBe(2)
  })
})

test('no page and no example evaluates what a command printed that may have failed: that of nothing succeeds', () => {
  const pages = [
    join(projectRoot, 'README.md'),
    ...readdirSync(join(projectRoot, 'docs')).map((name) => join(projectRoot, 'docs', name)),
  ]
  const texts = [
    ...pages.filter((page) => page.endsWith('.md')).map((page) => readFileSync(page, 'utf8')),
    ...commands.flatMap(([, { examples = [] }]) => examples),
  ]
  expect(texts.filter((text) => /(eval "?\$|<)\((admin|<%= config.bin %>) [a-z]/.test(text))).toEqual([])
})

describe('an example of the help', () => {
  const offline = commands.filter(([id]) => !/^(sso|provision|config|redshift|session|rds:connect)/.test(id))
  const lines = offline.flatMap(([, { examples = [] }]) => examples)
  const examples = lines.filter((line) => !line.includes('rds.amazonaws.com/'))

  test.each(examples)('works as pasted: %s', (example) => {
    const line = example.replaceAll('<%= config.bin %>', 'admin').replaceAll('/var/backups', directory)
    const shell = `set -eu; cd ${directory}; rm -f admin-backup.db admin.db; admin() { "${process.execPath}" "${adminFile}" "$@"; }
      admin set-aws-role-arns alice arn:aws:iam::123456789012:role/first >&2; ${line}`
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: directory,
      ADMIN_DATABASE: join(directory, 'example', 'admin.db'),
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    }
    expect(() => execFileSync('bash', ['-c', shell], { env, encoding: 'utf8', stdio: 'pipe' })).not.toThrow()
  })
})
