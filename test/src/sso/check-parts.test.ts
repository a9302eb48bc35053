import { describe, expect, test } from '@jest/globals'
import { nearMiss, parseIssuer } from '../../../src/iam/issuer.ts'
import { checkAddresses, isPrivateAddress } from '../../../src/sso/check-addresses.ts'
import { checkKeyTypes } from '../../../src/sso/check-keys.ts'
import { discoveryUrl } from '../../../src/sso/discovery.ts'
import { entraHint } from '../../../src/sso/entra.ts'

const issuer = parseIssuer('https://sso.example.com')

describe('the discovery document', () => {
  test.each([
    ['https://sso.example.com', 'https://sso.example.com/.well-known/openid-configuration'],
    ['https://sso.example.com/', 'https://sso.example.com/.well-known/openid-configuration'],
    ['https://sso.example.com/realms/a/', 'https://sso.example.com/realms/a/.well-known/openid-configuration'],
  ])('of %s is at %s', (text, url) => {
    expect(discoveryUrl(parseIssuer(text))).toBe(url)
  })
})

describe('two issuers', () => {
  test.each([
    ['https://a.example/', 'https://a.example', 'they differ only by a trailing slash'],
    ['https://A.example', 'https://a.example', 'they differ only by upper and lower case'],
    ['http://a.example', 'https://a.example', 'they differ only by http:// and https://'],
    [' https://a.example', 'https://a.example', 'they differ only by white space'],
    ['https://a.example', 'https://b.example', null],
    ['https://a.example', 'https://a.example', null],
  ])('%j and %j: %s', (one, other, difference) => {
    expect(nearMiss(one, other)).toBe(difference)
  })
})

describe('addresses', () => {
  test.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:4860:4860::8888'])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })

  test('that are public pass, with the word that this proves nothing', async () => {
    const finding = await checkAddresses([issuer], async () => ['203.0.114.7'], true)
    expect(finding).toMatchObject({ status: 'passed', seen: 'sso.example.com: 203.0.114.7' })
    expect(finding.fix).toContain('no proof that AWS reaches it')
  })

  test('one of which is private fail', async () => {
    const finding = await checkAddresses([issuer], async () => ['8.8.8.8', '10.0.0.1'], true)
    expect(finding).toMatchObject({ status: 'failed', fix: expect.stringContaining('AWS cannot reach 10.0.0.1') })
  })

  test('of the keys count as much as those of the issuer', async () => {
    const resolve = async (host: string) => [host === 'keys.example.com' ? '10.0.0.1' : '8.8.8.8']
    const finding = await checkAddresses([issuer, 'https://keys.example.com/jwks'], resolve, true)
    expect(finding).toMatchObject({ status: 'failed', seen: 'sso.example.com: 8.8.8.8; keys.example.com: 10.0.0.1' })
  })

  test('that nobody knows here fail, and warn where a proxy knows them', async () => {
    const unknown = async () => Promise.reject(new Error('ENOTFOUND'))
    expect(await checkAddresses([issuer], unknown, false)).toMatchObject({ status: 'failed' })
    expect(await checkAddresses([issuer], unknown, true)).toMatchObject({ status: 'warning' })
  })
})

describe('keys', () => {
  const rsa = { kty: 'RSA', alg: 'RS256', use: 'sig' }

  test.each([
    ['RSA for signatures', [rsa], 'passed'],
    ['RSA and EC without alg', [{ kty: 'RSA' }, { kty: 'EC', crv: 'P-384' }], 'passed'],
    ['one that is for encryption', [rsa, { kty: 'RSA', use: 'enc' }], 'warning'],
    ['one for PS256', [rsa, { kty: 'RSA', alg: 'PS256' }], 'warning'],
    ['Ed25519 alone', [{ kty: 'OKP', crv: 'Ed25519' }], 'failed'],
    ['secp256k1 alone', [{ kty: 'EC', crv: 'secp256k1' }], 'failed'],
    ['a hundred and one', Array(101).fill(rsa), 'failed'],
  ])('%s', (_, keys, status) => {
    expect(checkKeyTypes(keys).status).toBe(status)
  })
})

describe('Entra', () => {
  test.each([
    ['https://sts.windows.net/11111111-2222/', 'passed'],
    ['https://sts.windows.net/11111111-2222', 'failed'],
    ['https://login.microsoftonline.com/11111111-2222/v2.0', 'passed'],
    ['https://login.microsoftonline.com/11111111-2222', 'failed'],
    ['https://login.microsoftonline.com/11111111-2222/v2.0/', 'failed'],
  ])('%s: %s', (text, status) => {
    expect(entraHint(text)[0]?.status).toBe(status)
  })

  test('is no word on others', () => {
    expect(entraHint('https://sso.example.com')).toEqual([])
  })
})
