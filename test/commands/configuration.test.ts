import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isSystemConfigHidden } from '../../src/config/config-file.ts'
import { trustProblems } from '../../src/config/trusted-file.ts'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { isRoot, testAsRoot } from '../support/people.ts'

const directory = temporaryDirectory()

function configFile(text: string): string {
  const file = join(directory, `${randomUUID()}.yaml`)
  writeFileSync(file, text)
  return file
}

/** Any command reads the file where the store is not named otherwise. */
const readWith = (file: string) => adminJson(['get-aws-role-arns', 'alice', '--config', file])

describe('the configuration file', () => {
  test("of root or of the person who reads it is relied on, nobody else's", () => {
    const stats = (uid: number, mode: number) => Object.assign(lstatSync(directory), { uid, mode: 0o100000 | mode })
    const problems = (uid: number, mode: number, reader: number) =>
      trustProblems('/f', stats(uid, mode), stats(uid, mode), reader)
    expect(problems(0, 0o644, 0)).toEqual([])
    expect(problems(0, 0o644, 1000)).toEqual([])
    expect(problems(1000, 0o664, 1000)).toEqual([])
    expect(problems(1000, 0o666, 1000)).toEqual([expect.stringContaining('chmod o-w /f')])
    expect(problems(1001, 0o644, 1000)).toEqual([expect.stringContaining('it belongs to uid 1001, neither to you')])
    expect(problems(1000, 0o664, 0)).toHaveLength(2)
  })

  test.each([
    ['an unknown key', 'databse: /tmp/x.db\n', [':1: databse is not a known key']],
    [
      'an unknown key further in',
      'sso:\n  issuer: https://sso.example.com\n  clientId: w\n  isuer: x\n',
      [':4: sso.isuer is not a known key'],
    ],
    [
      'a wrong type',
      'sso:\n  issuer: https://sso.example.com\n  clientId: 42\n',
      [':3: sso.clientId must be a text, not the number 42'],
    ],
    ['a missing key', 'sso:\n  issuer: https://sso.example.com\n', [':1: sso.clientId is missing']],
    [
      'a text for a switch',
      'sso:\n  issuer: i\n  clientId: c\n  acceptJsonString: "yes"\n',
      [':4: sso.acceptJsonString must be a boolean, not the text "yes"'],
    ],
    [
      'a wrong element of a list',
      'sso:\n  issuer: i\n  clientId: c\n  scopes:\n    - openid\n    - 7\n',
      [':6: sso.scopes.1 must be a text, not the number 7'],
    ],
    ['an empty value', 'database:\n', [':1: database must be a text, not empty']],
    ['an empty text', 'database: ""\n', [':1: database must not be empty']],
    ['a list', '- database\n', [':1: the file must be a mapping, not a list']],
    ['several faults at once', 'x: 1\ny: 2\nspec: 3\n', [':1: x is not', ':2: y is not', ':3: spec must be a text']],
    ['a key twice', 'database: /a\ndatabase: /b\n', [':2: ']],
    ['a list for a text', 'spec: [a]\n', [':1: spec must be a text, not a list']],
    ['an alias of nothing', 'spec: /a\ndatabase: *foo\n', [':2: aliases (*…) are not taken']],
    ['an alias', 'spec: &x /a\ndatabase: *x\n', [':2: aliases (*…) are not taken']],
    [
      'a bomb of aliases',
      `a: &a [x]\n${'bcdefghijk'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(20)}]\n`)}`,
      [':2: aliases (*…) are not taken'],
    ],
    ['too many brackets', '['.repeat(50_000), [':1: it is nested too deeply']],
    ['a key that is a mapping', '{a: 1}: 2\n', [':1: a key is not a text']],
    ['a second document', 'spec: /a\n---\nspec: /b\n', [':2: a second document begins']],
    ['a broken line', 'sso: {\n', [':2: ']],
  ])('with %s is refused with file, line and key', async (_, text, problems) => {
    const file = configFile(text)
    const { json, exitCode } = await readWith(file)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_CONFIG' })
    for (const problem of problems) expect(json.error.message).toContain(`${file}${problem}`)
  })

  test('that is empty or has comments only is fine', async () => {
    const file = configFile('# nothing yet\n')
    const env = { XDG_DATA_HOME: directory }
    expect((await admin(['audit', 'log', '--config', file], { env })).exitCode).toBe(0)
  })

  test.each([
    ['a private key', '-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----\n', 'the file must be a mapping'],
    ['a password', 'CANARY\n', 'the file must be a mapping, not a text'],
    ['a shadow file', `root:$6$CANARY${'x'.repeat(40)}:19000::::::\n`, 'characters) is not a known key'],
    ['a long value', `spec: /a\nsso: CANARY${'x'.repeat(40)}\n`, ':2: sso must be a mapping, not a text'],
    ['two lines', 'sso: |\n  CANARY\n  x\n', ':1: sso must be a mapping, not a text'],
    ['a stray text', 'spec: |CANARY CANARY\n', ':1: Block scalar header'],
    ['a stray word', '- a\nCANARY: CANARY\n', ':2: '],
    ['a bad escape', 'spec: "\\CANARY"\n', ':1: a backslash'],
    ['a directive', '%CANARY\n---\n@CANARY\n', ':3: Plain value cannot start'],
  ])('that is something else is not repeated: %s', async (_, text, says) => {
    const { json, stdout, stderr } = await readWith(configFile(text))
    expect(json.error).toMatchObject({ code: 'INVALID_CONFIG', message: expect.stringContaining(says) })
    expect(stdout + stderr).not.toContain('CANARY')
  })

  test('that everybody may write is not relied on', async () => {
    const file = configFile('database: /tmp/x.db\n')
    chmodSync(file, 0o666)
    expect((await readWith(file)).json.error).toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining(`chmod ${isRoot ? 'go-w' : 'o-w'} ${file}`),
    })
  })

  testAsRoot('that a group may write is not relied on by root', async () => {
    const file = configFile('database: /tmp/x.db\n')
    chmodSync(file, 0o660)
    expect((await readWith(file)).json.error).toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining(`chmod go-w ${file}`),
    })
  })

  testAsRoot('of somebody else is not relied on by root', async () => {
    const file = configFile('database: /tmp/x.db\n')
    chownSync(file, 4711, 0)
    const { json, exitCode } = await readWith(file)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_CONFIG' })
    expect(json.error.message).toContain(`it belongs to uid 4711`)
    expect(json.error.message).toContain(`chown root ${file}`)
  })

  testAsRoot("in somebody else's home is not relied on by root, nor passed over", async () => {
    const home = join(directory, randomUUID())
    mkdirSync(join(home, '.config', 'admin'), { recursive: true })
    const file = join(home, '.config', 'admin', 'config.yaml')
    writeFileSync(file, 'database: /tmp/x.db\n')
    chownSync(file, 4711, 0)
    const { json, exitCode } = await adminJson(['get-aws-role-arns', 'alice'], { env: { HOME: home } })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_CONFIG' })
    expect(json.error.message).toContain(`chown root ${file}`)
  })

  testAsRoot("behind somebody else's symbolic link is not relied on by root", async () => {
    const link = join(directory, randomUUID())
    symlinkSync(configFile('database: /tmp/x.db\n'), link)
    lchownSync(link, 4711, 0)
    const { json } = await readWith(link)
    expect(json.error).toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining('it is a symbolic link'),
    })
  })

  test('that is named and missing is exit 4', async () => {
    const { json, exitCode } = await readWith(join(directory, 'none.yaml'))
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_CONFIG' })
    expect(json.error.message).not.toContain('ADMIN_CONFIG')
  })

  test('that the environment names and that is missing is said to be named there', async () => {
    const file = join(directory, 'none.yaml')
    const { json } = await adminJson(['get-aws-role-arns', 'alice'], { env: { ADMIN_CONFIG: file } })
    expect(json.error.message).toBe(`there is no configuration file ${file} that ADMIN_CONFIG names`)
  })

  testAsRoot('of the system is hidden from those who may not look into its directory alone', () => {
    const closed = join(directory, randomUUID())
    mkdirSync(closed, { mode: 0o700 })
    const file = join(closed, 'config.yaml')
    expect(isSystemConfigHidden(file)).toBe(false)
    process.seteuid?.(65534)
    try {
      expect(isSystemConfigHidden(file)).toBe(true)
    } finally {
      process.seteuid?.(0)
    }
  })

  test('of a person is found in XDG_CONFIG_HOME', async () => {
    const home = join(directory, randomUUID())
    mkdirSync(join(home, 'admin'), { recursive: true })
    writeFileSync(join(home, 'admin', 'config.yaml'), 'nonsense: true\n')
    const { json } = await adminJson(['get-aws-role-arns', 'alice'], { env: { XDG_CONFIG_HOME: home } })
    expect(json.error.code).toBe('INVALID_CONFIG')
  })
})
