import { describe, expect, test } from '@jest/globals'
import { containsToken, redactTokens } from '../../../src/sso/token-text.ts'

const encode = (text: string) => Buffer.from(text).toString('base64url')
const payload = encode('{"iss":"https://sso.example.com"}')

describe('what looks like a token', () => {
  test.each([
    '{"alg":"RS256"}',
    '{ "alg": "RS256" }',
    '{\n  "alg": "RS256"\n}',
    '{\r\n "alg":"RS256"}',
    '{"typ":"JWT","alg":"none"}',
  ])('is not shown, with the header %j', (header) => {
    const token = `${encode(header)}.${payload}.c2lnbmF0dXJl`
    expect(containsToken(`--token=${token}`)).toBe(true)
    expect(redactTokens(`"${token}" is not a user name`)).toBe('"[token]" is not a user name')
    expect(redactTokens(`${token.slice(0, 60)}…`)).toBe('[token]…')
  })

  test('is found after a letter, and hidden with all that hangs on it', () => {
    const token = `${encode('{"alg":"RS256"}')}.${payload}.c2lnbmF0dXJl.more`
    expect(redactTokens(`a.b.x_${token} and ${token}.`)).toBe('a.b.x_[token] and [token]')
  })

  // An expression that tries every letter anew takes minutes for these.
  test.each(['eyA'.repeat(300_000), `${'eyA'.repeat(300_000)}.`, 'eyAaaaa.'.repeat(100_000)])(
    'is looked for in one pass',
    (text) => {
      expect(redactTokens(text)).toBe(text)
      expect(containsToken(text)).toBe(false)
    },
  )

  test.each([
    'https://sso.example.com/realms/eyJust-a-long-name',
    'ewallet-production.example.com',
    'arn:aws:iam::123456789012:role/eyewitness.analyst-production',
    'alice@corp.example',
  ])('is not %s', (text) => {
    expect(redactTokens(text)).toBe(text)
  })
})
