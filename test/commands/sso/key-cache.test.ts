import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type IdentityProvider, newKey, startIdentityProvider } from '../../support/identity-provider.ts'
import { testAsRoot } from '../../support/people.ts'
import { type SsoHost, ssoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider()
})

beforeEach(() => {
  idp.requests.length = 0
})

afterAll(() => idp.stop())

const cacheFile = ({ cache }: SsoHost) => join(cache, readdirSync(cache)[0] ?? 'no cache file')
const fetched = () => idp.requests.map((path) => path.split('/').at(-1))
const READ_KEYS = ['openid-configuration', 'jwks']

/** A cache file with the keys of somebody else, as an attacker would like to put there. */
async function poisoned(host: SsoHost): Promise<{ readonly text: string; readonly token: string }> {
  await host.apply(await idp.sign())
  const key = await newKey('RS256')
  const cached = JSON.parse(readFileSync(cacheFile(host), 'utf8'))
  return { text: JSON.stringify({ ...cached, jwks: { keys: [key.jwk] } }), token: await idp.sign({}, {}, key) }
}

describe('the cache of keys', () => {
  test('is a file for its owner alone, in a directory for its owner alone', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign())
    expect(statSync(host.cache).mode & 0o777).toBe(0o700)
    expect(readdirSync(host.cache)).toHaveLength(1)
    expect(statSync(cacheFile(host)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(cacheFile(host), 'utf8'))).toMatchObject({
      issuer: idp.issuer,
      jwksUri: `${idp.issuer}/jwks`,
      jwks: { keys: [expect.objectContaining({ kid: idp.keys()[0].kid }), expect.anything()] },
    })
  })

  test('spares the network, and works while the issuer is down', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign())
    expect(fetched()).toEqual(READ_KEYS)
    await idp.stop()
    try {
      expect((await host.apply(await idp.sign())).exitCode).toBe(0)
    } finally {
      await idp.start()
    }
  })

  test('is not used after ten minutes, nor where it comes from the future', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign())
    for (const fetchedAt of ['2020-01-01T00:00:00Z', '2199-01-01T00:00:00Z', 'never']) {
      const cached = JSON.parse(readFileSync(cacheFile(host), 'utf8'))
      writeFileSync(cacheFile(host), JSON.stringify({ ...cached, fetchedAt }))
      idp.requests.length = 0
      await host.apply(await idp.sign())
      expect(fetched()).toEqual(READ_KEYS)
    }
  })

  test('is renewed once for a key that it does not know: the issuer may have rotated', async () => {
    const host = ssoHost(idp.issuer)
    const old = await idp.sign()
    await host.apply(old)
    await idp.rotate()
    idp.requests.length = 0
    expect((await host.apply(await idp.sign())).exitCode).toBe(0)
    expect(fetched()).toEqual(READ_KEYS)
    expect(await host.apply(old)).toMatchObject({ exitCode: 9, json: { error: { code: 'TOKEN_UNKNOWN_KEY' } } })
    expect(fetched()).toEqual([...READ_KEYS, ...READ_KEYS])
  })

  test('is not renewed for a forged signature under a known key', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign())
    const forged = await idp.sign({}, { kid: idp.keys()[0].kid }, await newKey('RS256'))
    expect(await host.apply(forged)).toMatchObject({ exitCode: 9, json: { error: { code: 'TOKEN_SIGNATURE' } } })
    expect(fetched()).toEqual(READ_KEYS)
  })

  test('asks once for an unknown key when it was empty', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign({}, {}, await newKey('RS256')))
    expect(fetched()).toEqual(READ_KEYS)
  })

  test('is not read through a symbolic link, and the link is replaced, not followed', async () => {
    const host = ssoHost(idp.issuer)
    const { text, token } = await poisoned(host)
    const [file, elsewhere] = [cacheFile(host), join(host.directory, 'elsewhere.json')]
    writeFileSync(elsewhere, text, { mode: 0o600 })
    renameSync(file, `${file}.old`)
    symlinkSync(elsewhere, file)
    expect((await host.apply(token)).json.error.code).toBe('TOKEN_UNKNOWN_KEY')
    expect(readFileSync(elsewhere, 'utf8')).toBe(text)
    expect(lstatSync(file).isSymbolicLink()).toBe(false)
  })

  test('is not used where the directory is a symbolic link', async () => {
    const host = ssoHost(idp.issuer)
    const { text, token } = await poisoned(host)
    writeFileSync(cacheFile(host), text)
    renameSync(host.cache, `${host.cache}-real`)
    symlinkSync(`${host.cache}-real`, host.cache)
    expect((await host.apply(token)).json.error.code).toBe('TOKEN_UNKNOWN_KEY')
  })

  test.each([
    ['file', 0o640],
    ['file', 0o602],
    ['directory', 0o755],
    ['directory', 0o720],
  ])('is not used where others may open the %s (%o)', async (what, mode) => {
    const host = ssoHost(idp.issuer)
    const { text, token } = await poisoned(host)
    writeFileSync(cacheFile(host), text)
    chmodSync(what === 'file' ? cacheFile(host) : host.cache, mode)
    expect((await host.apply(token)).json.error.code).toBe('TOKEN_UNKNOWN_KEY')
  })

  for (const what of ['file', 'directory']) {
    testAsRoot(`is not used where the ${what} belongs to somebody else`, async () => {
      const host = ssoHost(idp.issuer)
      const { text, token } = await poisoned(host)
      writeFileSync(cacheFile(host), text)
      chownSync(what === 'file' ? cacheFile(host) : host.cache, 12_345, 12_345)
      expect((await host.apply(token)).json.error.code).toBe('TOKEN_UNKNOWN_KEY')
    })
  }

  test('is trusted where only its owner can have written it', async () => {
    const host = ssoHost(idp.issuer)
    const { text, token } = await poisoned(host)
    writeFileSync(cacheFile(host), text)
    expect((await host.apply(token)).exitCode).toBe(0)
  })

  test.each(['', 'no JSON', '{}', 'null', '[]'])('is passed over where it holds %j', async (text) => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign())
    writeFileSync(cacheFile(host), text)
    expect((await host.apply(await idp.sign())).exitCode).toBe(0)
    expect(fetched()).toEqual([...READ_KEYS, ...READ_KEYS])
  })

  test('is done without where it cannot be made', async () => {
    const host = ssoHost(idp.issuer)
    writeFileSync(host.cache, 'a file in the place of the directory')
    expect((await host.apply(await idp.sign())).exitCode).toBe(0)
    const other = ssoHost(idp.issuer)
    mkdirSync(other.cache, { mode: 0o755 })
    expect((await other.apply(await idp.sign())).exitCode).toBe(0)
    expect(readdirSync(other.cache)).toEqual([])
  })
})
