import { describe, expect, test } from '@jest/globals'
import { parseIssuer, providerId } from '../../../src/iam/issuer.ts'

describe('an issuer', () => {
  test.each([
    ['https://sso.example.com', 'sso.example.com'],
    ['https://x.auth0.com/', 'x.auth0.com/'],
    ['https://login.microsoftonline.com/0123-tenant/v2.0', 'login.microsoftonline.com/0123-tenant/v2.0'],
    ['https://sts.windows.net/0123-tenant/', 'sts.windows.net/0123-tenant/'],
    ['https://sso.example.com:443/x', 'sso.example.com:443/x'],
    ['https://sso.example.com:8443/x', 'sso.example.com:8443/x'],
    ['https://SSO.example.com/Realm', 'SSO.example.com/Realm'],
    ['https://o.okta.com/oauth2/default', 'o.okta.com/oauth2/default'],
  ])('%s is kept byte for byte and names the provider %s', (issuer, id) => {
    expect(parseIssuer(issuer)).toBe(issuer)
    expect(providerId(parseIssuer(issuer))).toBe(id)
  })

  test.each([
    ['', 'it is empty'],
    ['sso.example.com', 'expected https://'],
    ['http://sso.example.com', 'must begin with https://'],
    ['http://127.0.0.1:3000', 'allowInsecureLoopback'],
    ['https://sso.example.com?x=1', 'has a query'],
    ['https://sso.example.com/.well-known/openid-configuration', 'the issuer is what comes before /.well-known/'],
    ['https://sso.example.com?', 'has a query'],
    ['https://sso.example.com#x', 'has a fragment'],
    ['https://user:pw@sso.example.com', 'user name or password'],
    [' https://sso.example.com', 'white space'],
    ['https://sso.example.com\n', 'white space'],
    ['https://login.microsoftonline.com/common/v2.0', 'use your tenant id'],
    ['https://login.microsoftonline.com/organizations/v2.0', 'use your tenant id'],
    ['https://login.microsoftonline.com/{tenantid}/v2.0', 'placeholder'],
    ['ftp://sso.example.com', 'expected https://'],
    ['https:///sso.example.com', 'it reads as "https://sso.example.com"'],
    ['https://sso.example.com\\x', 'a backslash'],
    ['https://sso.example.com/x\u0001', 'a control character'],
    ['https://ſso.example.com', 'it reads as "https://sso.example.com"'],
    ['https://sso.example.com:0443/x', 'it reads as "https://sso.example.com"'],
    ['https://0x7f.1', 'it reads as "https://127.0.0.1"'],
    [`https://sso.example.com/${'x'.repeat(255)}`, 'AWS allows 255'],
  ])('%j is refused', (issuer, reason) => {
    expect(() => parseIssuer(issuer)).toThrow(
      expect.objectContaining({ code: 'INVALID_ISSUER', message: expect.stringContaining(reason) }),
    )
  })

  test('with a password is refused without repeating it', () => {
    expect(() => parseIssuer('https://user:CANARY@x@sso.example.com/a')).toThrow(
      /^"https:\/\/…@sso\.example\.com\/a" is not an issuer URL: it contains a user name or password$/,
    )
  })

  test.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000/realm'])(
    '%s is accepted for tests, on request',
    (issuer) => {
      expect(parseIssuer(issuer, { allowInsecureLoopback: true })).toBe(issuer)
    },
  )

  test.each(['http://127.0.0.1.example.com', 'http://10.0.0.1', 'http://localhost.example.com'])(
    '%s is never loopback',
    (issuer) => {
      expect(() => parseIssuer(issuer, { allowInsecureLoopback: true })).toThrow('must begin with https://')
    },
  )
})
