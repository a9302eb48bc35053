import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { AdminError } from '../../../src/errors.ts'
import { vaultKeyFile, vaultKeyPath } from '../../../src/sso/vault-key.ts'
import { temporaryDirectory } from '../../support/admin.ts'
import { testAsRoot } from '../../support/people.ts'

const NOBODY = 65534
const directory = temporaryDirectory()
const newPath = () => join(directory, randomUUID(), 'vault.key')

function existing(text: string, mode = 0o600): string {
  const path = newPath()
  mkdirSync(dirname(path), { mode: 0o755 })
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

function refusal(path: string): string {
  try {
    vaultKeyFile(path).readOrMake()
  } catch (error) {
    if (error instanceof AdminError) return `${error.code} ${error.message}`
    throw error
  }
  return 'none'
}

describe('the key of the vault', () => {
  test('stands beside the configuration, unless it is named', () => {
    expect(vaultKeyPath(true, '/root', {})).toBe('/etc/admin/vault.key')
    expect(vaultKeyPath(false, '/home/a', {})).toBe('/home/a/.config/admin/vault.key')
    expect(vaultKeyPath(false, '/home/a', { XDG_CONFIG_HOME: '/c' })).toBe('/c/admin/vault.key')
    expect(vaultKeyPath(true, '/root', { ADMIN_VAULT_KEY_FILE: '/k' })).toBe('/k')
  })

  test('is not made by looking for it', () => {
    const path = newPath()
    expect(vaultKeyFile(path).read()).toBe(null)
    expect(() => statSync(dirname(path))).toThrow()
  })

  test('is made once, whole, for its owner alone, and leaves nothing else behind', () => {
    const path = newPath()
    const keys = [1, 2, 3].map(() => vaultKeyFile(path).readOrMake())
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o755])
    expect(readdirSync(dirname(path))).toEqual(['vault.key'])
    expect(vaultKeyFile(path).read()?.toString('base64url')).toBe(readFileSync(path, 'utf8').trim())
  })

  test.each([0o640, 0o604, 0o620, 0o660, 0o644])('is refused with the mode %p', (mode) => {
    expect(refusal(existing(`${'A'.repeat(43)}\n`, mode))).toMatch(/^REFUSED_UNSAFE_FILE .*others may use it \(mode 6/s)
  })

  test.each([
    ['empty', ''],
    ['short', 'AAAA\n'],
    ['long', `${'A'.repeat(86)}\n`],
    ['something else', 'not a key but a text of 43 characters, yes!'],
  ])('is refused where it is %s, and stays as it was', (_, text) => {
    const path = existing(text)
    expect(refusal(path)).toMatch(/^DENIED_VAULT_KEY .* is not a key/)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('is refused as a symbolic link, also one that leads nowhere', () => {
    for (const target of [existing(`${'A'.repeat(43)}\n`), '/nonexistent/key']) {
      const path = newPath()
      mkdirSync(dirname(path))
      symlinkSync(target, path)
      expect(refusal(path)).toMatch(/^REFUSED_UNSAFE_FILE .*it is a symbolic link/s)
    }
  })

  test('is refused in a directory that others may write', () => {
    const path = existing(`${'A'.repeat(43)}\n`)
    chmodSync(dirname(path), 0o775)
    expect(refusal(path)).toMatch(/^REFUSED_UNSAFE_FILE .*others may write it \(mode 775\)/s)
  })

  testAsRoot('is refused where it, or its directory, belongs to somebody else', () => {
    const [file, folder] = [existing(`${'A'.repeat(43)}\n`), existing(`${'A'.repeat(43)}\n`)]
    chownSync(file, NOBODY, NOBODY)
    chownSync(dirname(folder), NOBODY, NOBODY)
    for (const path of [file, folder]) expect(refusal(path)).toMatch(/^REFUSED_UNSAFE_FILE .*it belongs to uid 65534/s)
  })
})
