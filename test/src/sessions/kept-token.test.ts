import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { parseUsername } from '../../../src/assignments/username.ts'
import { fromEpochSeconds, systemClock, toEpochSeconds } from '../../../src/clock.ts'
import { keptIdToken } from '../../../src/sessions/kept-token.ts'
import { analyst } from '../../support/arns.ts'
import { deviceLogin, loginHost } from '../../support/device-login.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { loginContext } from '../../support/login-context.ts'
import { openAt } from '../../support/open-store.ts'

const username = parseUsername('alice')
const alice = { preferred_username: 'alice', aws_role_arn: [analyst], department: 'research' }
const MINUTE = 60
let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider({ accounts: { alice } })
})

beforeEach(() => {
  idp.issued.length = 0
  idp.accounts.alice = alice
  Object.assign(idp.behaviour, { idTokenSeconds: 3600, outage: null })
})

afterAll(() => idp.stop())

/** Alice has logged in; what she gets when so many seconds of her ID token are left, asked for ten minutes. */
async function loggedIn(scopes: readonly string[] = ['openid', 'offline_access']) {
  const host = loginHost(idp, { scopes })
  expect((await deviceLogin(idp, host)).exitCode).toBe(0)
  const store = await openAt(host.store)
  const context = loginContext(idp, host, scopes)
  const warnings: string[] = []
  const ask = async (secondsLeft: number) => {
    const passed = idp.behaviour.idTokenSeconds - secondsLeft
    const clock = () => fromEpochSeconds(toEpochSeconds(systemClock()) + passed)
    const tell = (warning: string) => warnings.push(warning)
    return keptIdToken(store, username, { ...context, clock }, { leastSeconds: 10 * MINUTE, tell })
  }
  return { ask, warnings }
}

const outage = { status: 503, body: { error: 'temporarily_unavailable' } }

describe('the ID token of a login', () => {
  test('that is short-lived serves until a quarter of its time is left, and spends no refresh token', async () => {
    idp.behaviour.idTokenSeconds = 5 * MINUTE
    const { ask, warnings } = await loggedIn()
    expect(await ask(2 * MINUTE)).toBe(idp.issued[0]?.idToken)
    expect({ issued: idp.issued.length, warnings }).toEqual({ issued: 1, warnings: [] })
    await ask(MINUTE)
    expect(idp.issued).toHaveLength(2)
  })

  test('serves with a word on its end while the identity provider is out of reach', async () => {
    const { ask, warnings } = await loggedIn()
    idp.behaviour.outage = outage
    expect(await ask(9 * MINUTE)).toBe(idp.issued[0]?.idToken)
    expect(warnings).toEqual([
      expect.stringMatching(/^the ID token of "alice" could not be renewed: [\s\S]*ends at \d{4}-/),
    ])
    await expect(ask(MINUTE)).rejects.toMatchObject({ code: 'UNAVAILABLE_ISSUER' })
  })

  test('serves so too where the login brought no refresh token', async () => {
    const { ask, warnings } = await loggedIn(['openid'])
    expect(await ask(9 * MINUTE)).toBe(idp.issued[0]?.idToken)
    expect(warnings).toHaveLength(1)
    await expect(ask(MINUTE)).rejects.toMatchObject({ code: 'NOT_FOUND_LOGIN' })
  })

  test('does not serve where the identity provider has ended the login', async () => {
    const { ask } = await loggedIn()
    idp.behaviour.outage = { status: 400, body: { error: 'invalid_grant' } }
    await expect(ask(9 * MINUTE)).rejects.toMatchObject({ code: 'DENIED_REFRESH_TOKEN' })
  })

  test('is refused where it is longer than STS takes', async () => {
    idp.accounts.alice = { ...alice, department: 'x'.repeat(16_000) }
    const { ask } = await loggedIn()
    await expect(ask(50 * MINUTE)).rejects.toMatchObject({
      code: 'TOKEN_MALFORMED',
      message: expect.stringContaining('and STS takes 20000'),
    })
  })
})
