import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'

const directory = temporaryDirectory()

function configFile(text: string): string {
  const file = join(directory, `${randomUUID()}.yaml`)
  writeFileSync(file, text)
  return file
}

/** Any command reads the file where the store is not named otherwise. */
const readWith = (file: string) => adminJson(['get-aws-role-arns', 'alice', '--config', file])

describe('the configuration file', () => {
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

  test('that everybody may write is not relied on', async () => {
    const file = configFile('database: /tmp/x.db\n')
    chmodSync(file, 0o666)
    expect((await readWith(file)).json.error).toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining(`chmod o-w ${file}`),
    })
  })

  test('that is named and missing is exit 4', async () => {
    const { json, exitCode } = await readWith(join(directory, 'none.yaml'))
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_CONFIG' })
  })

  test('of a person is found in XDG_CONFIG_HOME', async () => {
    const home = join(directory, randomUUID())
    mkdirSync(join(home, 'admin'), { recursive: true })
    writeFileSync(join(home, 'admin', 'config.yaml'), 'nonsense: true\n')
    const { json } = await adminJson(['get-aws-role-arns', 'alice'], { env: { XDG_CONFIG_HOME: home } })
    expect(json.error.code).toBe('INVALID_CONFIG')
  })
})
