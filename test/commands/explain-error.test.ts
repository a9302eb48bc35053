import { describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../support/admin.ts'
import { messages } from '../support/error-messages.ts'

const JWT = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2lnbmF0dXJlLWNhbmFyeQ`

describe('admin explain-error', () => {
  test('explains a message and says where to look first', async () => {
    const { stdout, stderr, exitCode } = await admin(['explain-error', 'Error: Incorrect token audience'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toContain('Incorrect token audience  (audience-refused)\n')
    expect(stdout).toContain('    1. the client id is missing at the provider')
    expect(stdout).toContain('    $ aws iam get-open-id-connect-provider')
  })

  test('answers in JSON of one shape', async () => {
    const { json, exitCode } = await adminJson(['explain-error', '-'], {
      stdin: messages.map(([, text]) => text).join('\n'),
    })
    expect(exitCode).toBe(0)
    expect(new Set(json.matches.map(({ id }: { id: string }) => id))).toEqual(new Set(messages.map(([id]) => id)))
    for (const match of json.matches) expect(Object.keys(match)).toEqual(['id', 'text', 'meaning', 'causes', 'checks'])
  })

  test('says that it does not know a text, with exit 4', async () => {
    const { json, exitCode } = await adminJson(['explain-error', 'the coffee machine is on fire'])
    expect([exitCode, json.error.code]).toEqual([4, 'NOT_FOUND_EXPLANATION'])
    expect(await admin(['explain-error', '-'], { stdin: '' })).toMatchObject({ exitCode: 2, stdout: '' })
  })

  test('repeats no token, and warns of one among the arguments', async () => {
    const text = `No OpenIDConnect provider found in your account for ${JWT}`
    const runs = [
      await admin(['explain-error', text]),
      await adminJson(['explain-error', text]),
      await admin(['explain-error', JWT]),
    ]
    for (const { stdout, stderr } of runs) {
      expect(stdout + stderr).not.toMatch(/canary|c2lnbmF0dXJl/)
      expect(stderr).toContain('Warning: the text contains a token')
    }
    expect((await admin(['explain-error', '-'], { stdin: text })).stderr).toBe('')
  })

  test('escapes what would act on a terminal', async () => {
    const { stdout } = await admin(['explain-error', 'PAM authentication failed for user "\u001b[31mjane\u202e"'])
    expect(stdout).toContain('"\\u{1b}[31mjane\\u{202e}"')
  })

  test('looks at the first ten megabytes of stdin and says so', async () => {
    const stdin = `FATAL: PAM authentication failed for user "jane"\n`.padEnd(10_000_010, '\nnothing to see here')
    const { stderr, exitCode } = await admin(['explain-error', '-'], { stdin })
    expect({ stderr, exitCode }).toEqual({ exitCode: 0, stderr: expect.stringContaining('longer than 10 MB') })
  })
})
