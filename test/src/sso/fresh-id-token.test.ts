import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { parseUsername } from '../../../src/assignments/username.ts'
import { systemClock } from '../../../src/clock.ts'
import { AdminError } from '../../../src/errors.ts'
import { freshIdToken } from '../../../src/sso/fresh-id-token.ts'
import type { LoginContext } from '../../../src/sso/login-context.ts'
import { refreshLogin } from '../../../src/sso/refresh.ts'
import { refreshAll } from '../../../src/sso/refresh-all.ts'
import { openTokenClient } from '../../../src/sso/token-client.ts'
import { analyst } from '../../support/arns.ts'
import { deviceLogin, loginHost } from '../../support/device-login.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { loginContext } from '../../support/login-context.ts'
import { openAt } from '../../support/open-store.ts'
import type { SsoHost } from '../../support/sso-host.ts'

const alice = parseUsername('alice')
let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider({ accounts: { alice: { preferred_username: 'alice', aws_role_arn: [analyst] } } })
})

beforeEach(() => {
  idp.issued.length = 0
  Object.assign(idp.behaviour, { idTokenSeconds: 3600, outage: null })
})

afterAll(() => idp.stop())

/** With sessions that note which token they were given. */
function contextOf(host: SsoHost) {
  const given: string[] = []
  const context: LoginContext = {
    ...loginContext(idp, host),
    sessions: {
      replaceToken: async (username, token) => {
        given.push(`${username} ${token}`)
        return 2
      },
    },
  }
  return { context, given }
}

async function loggedIn() {
  const host = loginHost(idp)
  expect((await deviceLogin(idp, host)).exitCode).toBe(0)
  return { host, store: await openAt(host.store), ...contextOf(host) }
}

describe('a fresh ID token', () => {
  test('is the one that is kept while it is good for long enough', async () => {
    const { store, context, given } = await loggedIn()
    expect(await freshIdToken(store, alice, context, 3000)).toBe(idp.issued[0]?.idToken)
    expect([idp.issued.length, given]).toEqual([1, []])
  })

  test('is a new one else, which live sessions get too', async () => {
    const { store, context, given } = await loggedIn()
    const token = await freshIdToken(store, alice, context, 3601)
    expect(idp.issued).toHaveLength(2)
    expect(token).toBe(idp.issued[1]?.idToken)
    expect(given).toEqual([`alice ${token}`])
    expect(await freshIdToken(store, alice, context, 3000)).toBe(token)
  })

  test('is one and the same for all who ask at once', async () => {
    idp.behaviour.idTokenSeconds = 300
    const { store, context } = await loggedIn()
    idp.behaviour.idTokenSeconds = 3600
    const tokens = await Promise.all([1, 2, 3, 4].map(() => freshIdToken(store, alice, context, 600)))
    expect(new Set(tokens).size).toBe(1)
    expect(idp.issued).toHaveLength(2)
  })

  test('is none for who has not logged in here', async () => {
    const { store, context } = await loggedIn()
    await expect(freshIdToken(store, parseUsername('bob'), context, 60)).rejects.toMatchObject({
      code: 'NOT_FOUND_LOGIN',
      suggestions: ['admin sso login --username bob'],
    })
  })
})

describe('a refresh', () => {
  test('says in how many live sessions the new token is', async () => {
    const { store, context } = await loggedIn()
    expect((await refreshLogin(store, alice, context)).result.sessionsUpdated).toBe(2)
  })

  test('of all finishes everything where something unforeseen happens to one of them', async () => {
    const { store, context } = await loggedIn()
    const sessions = {
      replaceToken: async () => {
        throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })
      },
    }
    const { result } = await refreshAll(store, { ...context, sessions, dueUntil: null, isInterrupted: () => false })
    expect(result).toMatchObject({
      refreshed: 0,
      failed: 1,
      people: [{ username: 'alice', error: { code: 'INTERNAL' } }],
    })
    expect((await refreshLogin(store, alice, context)).result.outcome).toBe('unchanged')
  })

  test('keeps the new tokens once another process lets go of the store, and lets all else go on meanwhile', async () => {
    const { store, context, host } = await loggedIn()
    const other = new Database(host.store)
    idp.behaviour.meanwhile = async () => {
      other.exec('BEGIN IMMEDIATE')
      setTimeout(() => other.exec('COMMIT'), 1500)
    }
    const { result } = await refreshLogin(store, alice, context)
    idp.behaviour.meanwhile = null
    other.close()
    expect(result.outcome).toBe('unchanged')
    expect((await refreshLogin(store, alice, context)).result.outcome).toBe('unchanged')
  })

  test('tries again to keep what the store did not take, and says what is so where it never does', async () => {
    const { store, context } = await loggedIn()
    const failing = (code: 'UNAVAILABLE_STORE' | 'DENIED_STORE', times: number) => {
      let left = times
      const replaceTokens: typeof store.replaceTokens = async (...kept) => {
        if (left-- > 0) throw new AdminError(code, 'no\nnothing was changed; run the command again')
        return store.replaceTokens(...kept)
      }
      return { ...store, replaceTokens }
    }
    expect((await refreshLogin(failing('UNAVAILABLE_STORE', 2), alice, context)).result.outcome).toBe('unchanged')
    await expect(refreshLogin(failing('DENIED_STORE', 1), alice, context)).rejects.toMatchObject({
      code: 'DENIED_STORE',
      message: expect.stringMatching(
        /could not be kept: no\nthe refresh token before is spent, so they have to log in again/,
      ),
      suggestions: ['admin sso login --username alice'],
    })
  })

  test('of all begins nothing more where it is interrupted', async () => {
    const { store, context } = await loggedIn()
    const { result } = await refreshAll(store, { ...context, dueUntil: null, isInterrupted: () => true })
    expect(result).toMatchObject({ refreshed: 0, failed: 0, skipped: { interrupted: 1 } })
    expect(idp.issued).toHaveLength(1)
  })

  test('leaves the tokens of a login that came meanwhile, and its sessions', async () => {
    const { store, context, given } = await loggedIn()
    const newer = { issuer: idp.issuer, clientId: 'workbench', hasRefreshToken: true, idTokenExpiresAt: systemClock() }
    const openClient = async () => {
      const client = await openTokenClient(context.settings)
      await store.keepTokens(alice, { ...newer, sealed: 'v1.of.another' })
      return client
    }
    const { result } = await refreshLogin(store, alice, { ...context, openClient })
    expect([result.sessionsUpdated, given]).toEqual([0, []])
    expect((await store.findTokens(alice))?.sealed).toBe('v1.of.another')
  })
})
