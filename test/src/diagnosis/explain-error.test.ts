import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { explainError } from '../../../src/diagnosis/explain-error.ts'
import { redactSecrets } from '../../../src/diagnosis/redact-secrets.ts'
import { AdminError } from '../../../src/errors.ts'
import { messages } from '../../support/error-messages.ts'

const idsIn = (text: string) => explainError(text).matches.map(({ id }) => id)

/** What it answers, or the code with which it refuses. */
function answerTo(text: string): string {
  try {
    return JSON.stringify(explainError(text))
  } catch (error) {
    if (error instanceof AdminError) return `${error.code} ${error.message} ${JSON.stringify(error.details)}`
    throw error
  }
}

const base64url = fc
  .uint8Array({ minLength: 24, maxLength: 60 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'))
const jwt = fc
  .tuple(base64url, base64url)
  .map(
    ([payload, signature]) =>
      `${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')}.${payload}.${signature}`,
  )
const secretKey = fc
  .uint8Array({ minLength: 30, maxLength: 30 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))
  .filter((text) => text.length === 40)
const someMessage = fc.constantFrom(...messages.map(([, text]) => text))

describe('explaining a text', () => {
  test('finds each known error of a log once, what says most first', () => {
    const log = [
      '2026-11-21T10:00:00Z starting',
      'An error occurred (Throttling) when calling the GetClusterCredentials operation: Rate exceeded',
      'FATAL:  PAM authentication failed for user "jane"\r',
      'FATAL:  PAM authentication failed for user "jane"',
      'FATAL:  pg_hba.conf rejects connection for host "10.0.0.1", user "jane", database "postgres", SSL off',
    ].join('\n')
    expect(idsIn(log)).toEqual(['iam-login-refused', 'postgres-without-tls', 'throttled'])
  })

  test('finds two in one line', () => {
    const line =
      'connection failed: FATAL: PAM authentication failed for user "jane"; FATAL: no pg_hba.conf entry for host "10.0.0.1", user "jane", no encryption'
    expect(idsIn(line)).toEqual(['iam-login-refused', 'postgres-without-tls'])
  })

  test('finds a message that a terminal broke into lines', () => {
    expect(idsIn('No OpenIDConnect provider\nfound in your account for https://idp.example/')).toEqual([
      'identity-provider-missing',
    ])
  })

  test('shows of the text what it was recognised by', () => {
    const [, text = ''] = messages[0] ?? []
    expect(explainError(`a line before\n${text} and more`).matches[0]?.text).toBe(
      'No OpenIDConnect provider found in your account for https://own-gitlab.com/',
    )
  })

  test.each(['', ' \n\t'])('of %j is refused', (text) => {
    expect(answerTo(text)).toMatch(/^USAGE_ARGUMENT the text is empty/)
  })

  test.each(['it does not work', 'Error: 42', '1252', 'x'.repeat(100_000)])(
    'says that it does not know %.20s',
    (text) => {
      expect(answerTo(text)).toMatch(/^NOT_FOUND_EXPLANATION admin has no explanation for this message/)
    },
  )

  test.each([
    ['foo\n', 'this message'],
    ['foo\nbar\n', 'any of these 2 lines'],
  ])('counts the lines of %j without its end', (text, what) => {
    expect(answerTo(text)).toContain(`no explanation for ${what}\n`)
  })

  test('of any text ends with an answer or a refusal', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.tuple(fc.string(), someMessage, fc.string()).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anything, (text) =>
        expect(answerTo(text)).toMatch(/^(\{"matches":|USAGE_ARGUMENT|NOT_FOUND_EXPLANATION)/),
      ),
    )
  })

  test('never repeats a token or a secret key, wherever in the text it stands', () => {
    const place = fc.constantFrom(
      'No OpenIDConnect provider found in your account for ',
      'Provider with url ',
      'PAM authentication failed for user "',
      "Access denied for user '",
      'IAM authentication failed for user "IAM:',
      'Cluster ',
      '',
    )
    const secret = fc.oneof(jwt, secretKey)
    fc.assert(
      fc.property(place, secret, someMessage, (before, value, message) => {
        for (const text of [
          `${before}${value}" not found, already exists`,
          `${message} ${value}`,
          `${value}${message}`,
        ])
          expect(answerTo(text)).not.toContain(value.slice(-20))
      }),
    )
  })

  test('comes to an end on megabytes of near misses', () => {
    const line =
      'no pg_hba.conf entry pg_hba.conf rejects connection Token expired: current Provider with url x already '
    expect(answerTo(line.repeat(30_000))).toMatch(/^NOT_FOUND_EXPLANATION/)
  })
})

describe('what is shown of a text', () => {
  test.each([
    ['postgres://jane:hunter2@db/x', 'postgres://…@db/x'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=[secret] psql'],
    ['{"refresh_token": "hunter2"}', '{"refresh_token": [secret]}'],
    ['X-Amz-Signature=hunter2&x=1', 'X-Amz-Signature=[secret]&x=1'],
    ['Authorization: Bearer hunter2', 'Authorization: Bearer [secret]'],
    ['(using password: NO) (using password: YES)', '(using password: NO) (using password: YES)'],
    ['(using password: NOTHING)', '(using password: [secret]'],
    ['key AKIAIOSFODNN7EXAMPLE', 'key [access key id]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----', '[key]'],
    ['user "jane" at arn:aws:iam::123456789012:role/analyst', 'user "jane" at arn:aws:iam::123456789012:role/analyst'],
  ])('%s is %s', (text, shown) => {
    expect(redactSecrets(text)).toBe(shown)
  })
})
