import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { AdminError } from '../errors.ts'
import { makePrivateFile, readPrivateFile } from '../private-files.ts'

const KEY_BYTES = 32

/** The key with which tokens are sealed, in a file outside the store: who has the one has not the other. */
export interface VaultKeyFile {
  readonly path: string
  /**
   * `null` where there is none.
   *
   * @throws AdminError REFUSED_UNSAFE_FILE where others may read or write it, DENIED_VAULT_KEY where it is no key
   */
  readonly read: () => Buffer | null
  /** Makes one where there is none; of several processes that do so at once, all get the same. */
  readonly readOrMake: () => Buffer
}

/** Beside the configuration of the system where root runs us, beside one of their own for everybody else. */
export function vaultKeyPath(isRoot: boolean, home: string, environment: NodeJS.ProcessEnv): string {
  const named = environment.ADMIN_VAULT_KEY_FILE
  if (named) return named
  return isRoot
    ? '/etc/admin/vault.key'
    : join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'admin', 'vault.key')
}

export function vaultKeyFile(path: string): VaultKeyFile {
  const read = () => {
    const text = readPrivateFile(path)
    return text === null ? null : parseKey(text, path)
  }
  return { path, read, readOrMake: () => read() ?? made(path, read) }
}

function made(path: string, read: () => Buffer | null): Buffer {
  makePrivateFile(path, `${randomBytes(KEY_BYTES).toString('base64url')}\n`)
  const key = read()
  if (key === null) throw new AdminError('DENIED_VAULT_KEY', `${path} was removed while it was made`)
  return key
}

function parseKey(text: string, path: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length === KEY_BYTES && key.toString('base64url') === text.trim()) return key
  const follows = 'restore it from a backup; or remove it, and have everybody log in again'
  throw new AdminError('DENIED_VAULT_KEY', `${path} is not a key: expected one line of 43 characters\n${follows}`, {
    details: { file: path },
  })
}
