import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { analyst, engineer } from '../../support/arns.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { refusedInBothModes, ssoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider()
})

afterAll(() => idp.stop())

/** Each must refuse the login: to let it pass without roles, or with those set by hand, would be to guess. */
const malformedRoles: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 42],
  ['a boolean', true],
  ['an object', { arn: analyst }],
  ['an empty text', ''],
  ['a list with a number', [analyst, 7]],
  ['a list with an empty text', [analyst, '']],
  ['a list in a list', [[analyst]]],
  ['JSON inside a text', JSON.stringify([analyst])],
  ['a bad ARN', 'arn:aws:iam::123:role/x'],
  ['an ARN of a user', ['arn:aws:iam::123456789012:user/alice']],
  ['mixed partitions', [analyst, 'arn:aws-cn:iam::123456789012:role/x']],
  ['a comma too many', `${analyst},`],
  ['more than a hundred', Array.from({ length: 101 }, (_, index) => `${analyst}${index}`)],
]

describe('sso apply-claims refuses, from an issuer that is right,', () => {
  test.each(malformedRoles)('role ARNs that are %s', async (_, aws_role_arn) => {
    const host = ssoHost(idp.issuer)
    await host.run(['set-aws-role-arns', 'alice', analyst])
    const { json } = await refusedInBothModes(host, await idp.sign({ aws_role_arn }), [])
    expect(json.error).toMatchObject({ code: 'TOKEN_CLAIMS', details: { claim: 'aws_role_arn' } })
    const [event] = await host.events()
    expect(event).toMatchObject({
      action: 'sso-refused',
      username: 'alice',
      details: { code: 'TOKEN_CLAIMS', iss: idp.issuer },
    })
    expect((await host.runJson(['get-aws-role-arns', 'alice'])).json).toMatchObject({ source: 'cli', subject: null })
  })

  test.each([null, 7, '', 'x', 'a b', 'a|b', 'x'.repeat(65)])(
    'the role session name %j',
    async (aws_role_session_name) => {
      const host = ssoHost(idp.issuer)
      const { json } = await refusedInBothModes(
        host,
        await idp.sign({ aws_role_arn: analyst, aws_role_session_name }),
        [],
      )
      expect(json.error).toMatchObject({ code: 'TOKEN_CLAIMS', details: { claim: 'aws_role_session_name' } })
    },
  )

  test('a token older than the last one applied, and takes one of the same second', async () => {
    const host = ssoHost(idp.issuer)
    const iat = Math.floor(Date.now() / 1000)
    await host.apply(await idp.sign({ iat, aws_role_arn: analyst }))
    const { json } = await refusedInBothModes(host, await idp.sign({ iat: iat - 1, aws_role_arn: engineer }), [])
    expect(json.error).toMatchObject({ code: 'TOKEN_REPLAYED', details: { username: 'alice' } })
    const [event] = await host.events()
    expect(event).toMatchObject({ action: 'sso-refused', username: 'alice', details: { code: 'TOKEN_REPLAYED' } })
    expect((await host.apply(await idp.sign({ iat, aws_role_arn: engineer }))).json.roleArns).toEqual([engineer])
  })
})
