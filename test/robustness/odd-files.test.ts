import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer } from '../support/arns.ts'
import { isRoot, stranger } from '../support/people.ts'
import { sqlite, tamper } from '../support/sqlite.ts'
import { newStore } from '../support/store.ts'

const directory = temporaryDirectory()
chmodSync(directory, 0o755)

async function codeOf(argv: readonly string[], options = {}) {
  const { json, exitCode } = await adminJson(argv, options)
  return `${exitCode} ${json.error?.code}`
}

describe('a database that cannot be one', () => {
  test.each([
    ['a directory', '/tmp', '2 INVALID_DATABASE'],
    ['a device', '/dev/null', '2 INVALID_DATABASE'],
    ['below a file', '/etc/passwd/admin.db', '2 INVALID_DATABASE'],
    ['a name that is too long', `/tmp/${'x'.repeat(300)}.db`, '2 INVALID_DATABASE'],
    ['a text file', '/etc/passwd', '2 INVALID_DATABASE'],
  ])('%s, is refused by readers and writers', async (_, file, expected) => {
    expect(await codeOf(['get-aws-role-arns', 'alice', '--database', file])).toBe(expected)
    expect(await codeOf(['set-aws-role-arns', 'alice', analyst, '--database', file])).toBe(expected)
  })

  test('below /proc, where no directory can be made, is refused at once', async () => {
    const result = await codeOf(['set-aws-role-arns', 'alice', analyst, '--database', '/proc/nowhere/admin.db'])
    expect(result).toMatch(/^(2 INVALID_DATABASE|6 DENIED_STORE)$/)
  })

  test('in a circle of symbolic links is refused', async () => {
    const link = join(directory, randomUUID())
    symlinkSync(link, link)
    expect(await codeOf(['get-aws-role-arns', 'alice', '--database', link])).toBe('2 INVALID_DATABASE')
  })

  test('that a person may see and not read is denied to them, not out of order', async () => {
    const file = await newStore(directory)
    chmodSync(dirname(file), 0o755)
    chmodSync(file, isRoot ? 0o640 : 0o000)
    const options = stranger()
    expect(await codeOf(['get-aws-role-arns', 'alice', '--database', file], options)).toBe('6 DENIED_STORE')
    expect(await codeOf(['store', 'status', '--database', file], options)).toBe('6 DENIED_STORE')
  })

  test.each([
    'sqlite://root:hunter2@host/admin.db',
    'postgres://keeper:abc?hunter2@localhost/admin',
    'postgres://keeper:abc?sslmode=hunter2@localhost/admin',
  ])('with a password in its URL is refused without repeating it: %s', async (url) => {
    const run = await admin(['audit', 'log', '--database', url])
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.not.stringContaining('hunter2') })
  })
})

describe('a store that lost something', () => {
  test('all of its content, is not taken for a new one', async () => {
    const file = await newStore(directory)
    truncateSync(file)
    for (const argv of [
      ['get-aws-role-arns', 'alice'],
      ['set-aws-role-arns', 'bob', analyst],
      ['audit', 'verify'],
    ]) {
      expect(await codeOf([...argv, '--database', file])).toBe('2 INVALID_DATABASE')
    }
  })

  test('a table, says so', async () => {
    const file = await newStore(directory)
    sqlite(file, 'DROP TABLE migrations')
    expect(await codeOf(['get-aws-role-arns', 'alice', '--database', file])).toBe('2 INVALID_DATABASE')
    expect(await codeOf(['store', 'status', '--database', file])).toBe('2 INVALID_DATABASE')
  })

  test('the sense of its events, still lists them, and verify names the first', async () => {
    const file = await newStore(directory)
    for (const nonsense of ['5', '{bad', 'null', '"text"']) {
      tamper(file, `UPDATE events SET after = '${nonsense}'`)
      for (const filter of [[], ['--role', '*'], ['--format', 'csv']]) {
        expect((await admin(['audit', 'log', ...filter, '--database', file])).exitCode).toBe(0)
      }
      expect((await adminJson(['audit', 'verify', '--database', file])).json.broken.id).toBe(1)
    }
  })

  test('its second name, which a process left behind that was killed while making it', async () => {
    const file = await newStore(directory)
    linkSync(file, `${file}.4194305-${randomUUID()}.new`)
    await admin(['set-aws-role-arns', 'bob', engineer, '--database', file])
    expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.new'))).toEqual([])
  })
})

describe('a backup', () => {
  test('to a name that a symbolic link holds is refused', async () => {
    const [file, link] = [await newStore(directory), join(directory, randomUUID())]
    symlinkSync('/no/such/target', link)
    expect(await codeOf(['store', 'backup', link, '--database', file])).toBe('3 REFUSED_FILE_EXISTS')
  })

  test('succeeds for one of four that want the same name', async () => {
    const [file, target] = [await newStore(directory), join(directory, `${randomUUID()}.db`)]
    const runs = await Promise.all([1, 2, 3, 4].map(() => codeOf(['store', 'backup', target, '--database', file])))
    expect(runs.sort()).toEqual(['0 undefined', ...Array(3).fill('3 REFUSED_FILE_EXISTS')])
  })
})

describe('a directory that everybody may write', () => {
  test('is a finding of store status', async () => {
    const file = await newStore(directory)
    mkdirSync(dirname(file), { recursive: true })
    chmodSync(dirname(file), 0o777)
    const { json, exitCode } = await adminJson(['store', 'status', '--database', file])
    expect({ exitCode, findings: json.findings }).toEqual({
      exitCode: 5,
      findings: [expect.stringContaining('everybody may replace')],
    })
  })
})

test('a reason that is a token is not kept', async () => {
  const file = await newStore(directory)
  const token = `eyJ${'a'.repeat(40)}.eyJ${'b'.repeat(40)}.${'c'.repeat(40)}`
  const run = await admin(['set-aws-role-arns', 'bob', engineer, '--reason', token, '--database', file])
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.not.stringContaining('aaaaaaaa') })
  expect(existsSync(file) && sqlite(file, 'SELECT reason FROM events')).toEqual([{ reason: null }])
})

test('a configuration file that is named and missing is never passed over', async () => {
  const file = await newStore(directory)
  writeFileSync(join(directory, 'good.yaml'), 'database: /elsewhere.db\n')
  const good = await admin(['get-aws-role-arns', 'alice', '--database', file, '--config', join(directory, 'good.yaml')])
  expect(good.stdout).toBe(`${analyst}\n`)
  expect(await codeOf(['get-aws-role-arns', 'alice', '--database', file, '--config', '/no/such.yaml'])).toBe(
    '4 NOT_FOUND_CONFIG',
  )
})

describe('what is left empty', () => {
  test.each([
    ['store backup', ['store', 'backup', '']],
    ['--config', ['get-aws-role-arns', 'alice', '--config', '']],
    ['--claims', ['sso', 'rehearse', '--claims', '']],
    ['--database', ['get-aws-role-arns', 'alice', '--database', '']],
  ])('as the file of %s is refused, not taken for the current directory', async (_, argv) => {
    expect(await codeOf(argv)).toMatch(/^2 /)
  })

  test('as the home or data directory is not taken for the current one', async () => {
    const cwd = temporaryStore()
    for (const env of [{ HOME: '' }, { HOME: 'here' }, { HOME: cwd, XDG_DATA_HOME: 'here' }]) {
      await admin(['set-aws-role-arns', 'alice', analyst, '--dry-run'], { env, cwd })
      const { stderr } = await admin(['audit', 'log'], { env, cwd })
      expect(stderr).toMatch(/there is no store yet at \//)
    }
    expect(readdirSync(cwd)).toEqual([])
  })
})

test('unset makes no store where there is none', async () => {
  const file = join(temporaryStore(), 'none.db')
  const run = await admin(['unset-aws-role-arns', 'alice', '--database', file])
  expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('there is no store yet') })
  expect(existsSync(file)).toBe(false)
})

function temporaryStore(): string {
  const own = join(directory, randomUUID())
  mkdirSync(own)
  return own
}
