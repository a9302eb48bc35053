import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { analyst, scientist } from '../../support/arns.ts'
import { deviceLogin, loginHost } from '../../support/device-login.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider({
    accounts: { alice: { preferred_username: 'alice', aws_role_arn: [analyst, scientist] } },
  })
})

afterAll(() => idp.stop())

test('logs in', async () => {
  const host = loginHost(idp)
  const run = await deviceLogin(idp, host, ['--json'])
  console.log(run, idp.issued, idp.requests)
  console.log(await host.run(['sso', 'refresh', 'alice', '--json']))
  console.log(await host.run(['sso', 'refresh', '--all']))
  expect(1).toBe(1)
})
