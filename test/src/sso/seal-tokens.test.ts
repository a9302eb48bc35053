import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseUsername } from '../../../src/assignments/username.ts'
import { AdminError } from '../../../src/errors.ts'
import { type LoginTokens, openTokens, type SealOwner, sealTokens } from '../../../src/sso/seal-tokens.ts'
import type { VaultKeyFile } from '../../../src/sso/vault-key.ts'
import { at } from '../../support/open-store.ts'

const key = randomBytes(32)
const owner: SealOwner = { username: parseUsername('alice'), issuer: 'https://sso.example.com', clientId: 'workbench' }
const tokens: LoginTokens = { refreshToken: 'r-1', idToken: 'a.b.c', subject: 'sub', idTokenExpiresAt: at(0) }

const fileWith = (held: Buffer | null): VaultKeyFile => ({
  path: '/etc/admin/vault.key',
  read: () => held,
  readOrMake: () => held ?? key,
})

const open = (sealed: string, of: SealOwner = owner, held: Buffer | null = key) =>
  openTokens({ ...sealTokens(tokens, of, key), ...of, sealed }, fileWith(held))

function problemOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof AdminError && error.code === 'DENIED_VAULT_KEY') return error.message
    throw error
  }
  return 'none'
}

describe('sealed tokens', () => {
  test('open to what they were', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 })
    fc.assert(
      fc.property(fc.option(text), text, text, (refreshToken, idToken, subject) => {
        const next = { ...tokens, refreshToken, idToken, subject }
        const sealed = sealTokens(next, owner, key)
        expect(openTokens({ ...sealed, username: owner.username }, fileWith(key))).toEqual(next)
        expect(sealed.hasRefreshToken).toBe(refreshToken !== null)
      }),
    )
  })

  test('never have the same nonce, nor the same text', () => {
    const seals = Array.from({ length: 500 }, () => sealTokens(tokens, owner, key).sealed)
    const nonces = seals.map((sealed) =>
      Buffer.from(sealed.split('.')[2] ?? '', 'base64url')
        .subarray(0, 12)
        .toString('hex'),
    )
    expect(new Set(nonces).size).toBe(500)
    expect(new Set(seals).size).toBe(500)
  })

  test('do not open where any bit was changed, or an end is missing', () => {
    const [version, sealedWith, text = ''] = sealTokens(tokens, owner, key).sealed.split('.')
    const body = Buffer.from(text, 'base64url')
    const spelled = (bytes: Uint8Array) => [version, sealedWith, Buffer.from(bytes).toString('base64url')].join('.')
    for (let bit = 0; bit < body.length * 8; bit += 5) {
      const changed = Buffer.from(body)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(problemOf(() => open(spelled(changed)))).toContain('they are not as they were written')
    }
    for (const length of [0, 11, 12, 27, 28, body.length - 1])
      expect(problemOf(() => open(spelled(body.subarray(0, length))))).toContain('they are not as they were written')
  })

  test.each([
    ['another person', { username: parseUsername('Alice') }],
    ['another issuer', { issuer: 'https://sso.example.com/' }],
    ['another client', { clientId: 'workbench2' }],
    ['names that only read alike', { issuer: 'https://sso.example.com","workbench', clientId: '' }],
  ])('do not open for %s', (_, change) => {
    const { sealed } = sealTokens(tokens, owner, key)
    expect(problemOf(() => open(sealed, { ...owner, ...change }))).toContain('they are not as they were written')
  })

  test('say that the key is another one, or lost, and not what it is', () => {
    const { sealed } = sealTokens(tokens, owner, key)
    expect(problemOf(() => open(sealed, owner, randomBytes(32)))).toContain(
      '/etc/admin/vault.key is not the key that they were sealed with',
    )
    expect(problemOf(() => open(sealed, owner, null))).toContain('the key file /etc/admin/vault.key is not there')
    for (const other of [randomBytes(32), null])
      expect(problemOf(() => open(sealed, owner, other))).toMatch(
        /\nrestore the key file from the backup, .*; or have everybody log in again$/,
      )
    expect(sealed).not.toContain(key.toString('base64url'))
    expect(sealed).not.toContain(key.toString('hex').slice(0, 16))
  })

  test('of a later version are left alone', () => {
    const { sealed } = sealTokens(tokens, owner, key)
    expect(problemOf(() => open(sealed.replace('v1', 'v2')))).toContain('this version of admin did not write them')
  })
})
