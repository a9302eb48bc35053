import { expect, test } from '@jest/globals'
import { parseUsername } from '../../../src/assignments/username.ts'
import type { SealedTokens } from '../../../src/sso/token-vault.ts'
import { copyStore } from '../../../src/store/maintenance.ts'
import type { Store } from '../../../src/store/store.ts'
import { temporaryDirectory } from '../../support/admin.ts'
import { describeEngines } from '../../support/engines.ts'
import { at, locate, openAt } from '../../support/open-store.ts'

const [alice, bob] = ['alice', 'Böb'].map(parseUsername) as [
  ReturnType<typeof parseUsername>,
  ReturnType<typeof parseUsername>,
]
const directory = temporaryDirectory()

const sealed = (text: string, seconds = 0, hasRefreshToken = true): SealedTokens => ({
  issuer: 'https://sso.example.com',
  clientId: 'workbench',
  sealed: text,
  hasRefreshToken,
  idTokenExpiresAt: at(seconds),
})

async function know(store: Store, ...people: readonly (typeof alice)[]): Promise<void> {
  for (const username of people)
    await store.transact((transaction) =>
      transaction.putLogin(username, { subject: 's', roleSessionName: null, tokenIssuedAt: at(0), at: at(0) }),
    )
}

describeEngines('the vault of tokens', (engine) => {
  async function newVault(): Promise<Store> {
    const store = await openAt((await engine.newStore()).url)
    await know(store, alice, bob)
    return store
  }

  test('keeps the tokens of each person, the newest alone', async () => {
    const vault = await newVault()
    expect([await vault.findTokens(alice), await vault.claimTokens(alice, 60)]).toEqual([null, null])
    await vault.keepTokens(alice, sealed('v1.a'))
    await vault.keepTokens(bob, sealed('v1.b', 5, false))
    await vault.keepTokens(alice, sealed('v1.c', 9))
    expect(await vault.findTokens(alice)).toEqual({ username: 'alice', ...sealed('v1.c', 9) })
    expect(await vault.findTokens(bob)).toEqual({ username: bob, ...sealed('v1.b', 5, false) })
  })

  test('keeps none of people who are not known', async () => {
    const vault = await newVault()
    await expect(vault.keepTokens(parseUsername('nobody'), sealed('v1.a'))).rejects.toThrow()
  })

  test('lists whose tokens are kept, those first that end soonest', async () => {
    const vault = await newVault()
    await vault.keepTokens(alice, sealed('v1.a', 70))
    await vault.keepTokens(bob, sealed('v1.b', 7, false))
    expect(await vault.keptLogins()).toEqual([
      { username: bob, hasRefreshToken: false, idTokenExpiresAt: at(7) },
      { username: 'alice', hasRefreshToken: true, idTokenExpiresAt: at(70) },
    ])
  })

  test('gives the right to use them to one at a time, until it is given back', async () => {
    const vault = await newVault()
    await vault.keepTokens(alice, sealed('v1.a'))
    await vault.keepTokens(bob, sealed('v1.b'))
    const first = await vault.claimTokens(alice, 60)
    expect(first?.tokens).toEqual({ username: 'alice', ...sealed('v1.a') })
    expect(await vault.claimTokens(alice, 60)).toBe(null)
    expect(await vault.claimTokens(bob, 60)).not.toBe(null)
    if (first !== null) await vault.releaseTokens(first.claim)
    expect(await vault.claimTokens(alice, 60)).not.toBe(null)
  })

  test('gives it to one of many who ask at once', async () => {
    const { url } = await engine.newStore()
    const stores = await Promise.all([1, 2, 3, 4].map(() => openAt(url)))
    const [first] = stores
    if (first === undefined) throw new Error('no store was opened')
    await know(first, alice)
    await first.keepTokens(alice, sealed('v1.a'))
    const claims = await Promise.all(Array.from({ length: 16 }, (_, turn) => stores[turn % 4]?.claimTokens(alice, 60)))
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
  })

  test('takes it from who does not give it back, and lets them change nothing any more', async () => {
    const vault = await newVault()
    await vault.keepTokens(alice, sealed('v1.a'))
    const dead = await vault.claimTokens(alice, 0)
    const next = await vault.claimTokens(alice, 60)
    if (dead === null || next === null) throw new Error('nobody could claim them')
    expect(await vault.replaceTokens(dead.claim, sealed('v1.late'))).toBe(false)
    expect(await vault.forgetTokens(dead.claim)).toBe(false)
    await vault.releaseTokens(dead.claim)
    expect(await vault.claimTokens(alice, 60)).toBe(null)
    expect(await vault.replaceTokens(next.claim, sealed('v1.next', 3))).toBe(true)
    expect(await vault.findTokens(alice)).toEqual({ username: 'alice', ...sealed('v1.next', 3) })
  })

  test('lets a new login end the right of who is refreshing the old one', async () => {
    const vault = await newVault()
    await vault.keepTokens(alice, sealed('v1.old'))
    const claimed = await vault.claimTokens(alice, 60)
    await vault.keepTokens(alice, sealed('v1.new'))
    if (claimed === null) throw new Error('nobody could claim them')
    expect(await vault.replaceTokens(claimed.claim, sealed('v1.refreshed'))).toBe(false)
    expect((await vault.findTokens(alice))?.sealed).toBe('v1.new')
    expect(await vault.claimTokens(alice, 60)).not.toBe(null)
  })

  test('forgets for who has the right to', async () => {
    const vault = await newVault()
    await vault.keepTokens(alice, sealed('v1.a'))
    await vault.keepTokens(bob, sealed('v1.b'))
    const claimed = await vault.claimTokens(alice, 60)
    if (claimed === null) throw new Error('nobody could claim them')
    expect(await vault.forgetTokens(claimed.claim)).toBe(true)
    expect([await vault.findTokens(alice), (await vault.findTokens(bob))?.sealed]).toEqual([null, 'v1.b'])
  })

  test('goes along where the store is copied, without the rights that others hold', async () => {
    const { url } = await engine.newStore()
    const store = await openAt(url)
    await know(store, alice)
    await store.keepTokens(alice, sealed('v1.a', 4))
    await store.claimTokens(alice, 600)
    const copy = `${directory}/copy-of-${engine.name}.db`
    await copyStore(await locate(url), await locate(copy))
    const copied = await openAt(copy)
    expect(await copied.findTokens(alice)).toEqual({ username: 'alice', ...sealed('v1.a', 4) })
    expect(await copied.claimTokens(alice, 60)).not.toBe(null)
  })

  test('is empty where there is no store', async () => {
    const absent = await openAt((await engine.newStore()).url, 'read')
    expect([await absent.findTokens(alice), await absent.keptLogins()]).toEqual([null, []])
  })
})
