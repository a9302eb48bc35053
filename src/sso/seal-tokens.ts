import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { isJsonObject } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { logInAgain } from './log-in-again.ts'
import type { KeptTokens, SealedTokens } from './token-vault.ts'
import type { VaultKeyFile } from './vault-key.ts'

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'
/** 96 random bits, new for each message (NIST SP 800-38D §8.2.2): good for 2^32 messages under one key. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const RESTORE = 'restore the key file from the backup, which opens them again; or have everybody log in again'

/** What a login leaves: enough to be renewed, and for the sessions of the person. */
export interface LoginTokens {
  readonly refreshToken: string | null
  readonly idToken: string
  /** Whose they are: a refresh must not bring somebody else's. */
  readonly subject: string
  readonly idTokenExpiresAt: Instant
}

/** What the seal is bound to: in the row of another person, issuer or client it does not open. */
export type SealOwner = Pick<KeptTokens, 'username' | 'issuer' | 'clientId'>

export function sealTokens(tokens: LoginTokens, owner: SealOwner, key: Buffer): SealedTokens {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(owner))
  const body = Buffer.concat([
    nonce,
    cipher.update(JSON.stringify(tokens), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  return {
    issuer: owner.issuer,
    clientId: owner.clientId,
    sealed: [VERSION, fingerprint(key), body.toString('base64url')].join('.'),
    hasRefreshToken: tokens.refreshToken !== null,
    idTokenExpiresAt: tokens.idTokenExpiresAt,
  }
}

/** @throws AdminError DENIED_VAULT_KEY where the key is lost or another one, or the row is not as it was written */
export function openTokens(kept: KeptTokens, keyFile: VaultKeyFile): LoginTokens {
  const key = keyFile.read()
  if (key === null) throw cannotOpen(kept.username, `the key file ${keyFile.path} is not there\n${RESTORE}`)
  const [version, sealedWith, body = ''] = kept.sealed.split('.')
  if (version !== VERSION) throw cannotOpen(kept.username, 'this version of admin did not write them')
  if (sealedWith !== fingerprint(key)) {
    throw cannotOpen(kept.username, `${keyFile.path} is not the key that they were sealed with\n${RESTORE}`)
  }
  const text = decrypt(Buffer.from(body, 'base64url'), boundTo(kept), key)
  const tokens: unknown = text === null ? null : JSON.parse(text)
  if (!isLoginTokens(tokens)) throw cannotOpen(kept.username, 'they are not as they were written')
  return tokens
}

function boundTo({ username, issuer, clientId }: SealOwner): Buffer {
  return Buffer.from(JSON.stringify(['admin', VERSION, username, issuer, clientId]))
}

/** Tells another key from a row that was tampered with. A digest of 256 random bits tells nothing of them. */
function fingerprint(key: Buffer): string {
  return createHash('sha256').update('admin vault key').update(key).digest('hex').slice(0, 16)
}

function decrypt(body: Buffer, bound: Buffer, key: Buffer): string | null {
  if (body.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = body.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(bound).setAuthTag(body.subarray(-TAG_BYTES))
  try {
    const parts = [decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
    return Buffer.concat(parts).toString('utf8')
  } catch {
    return null
  }
}

function isLoginTokens(value: unknown): value is LoginTokens {
  if (!isJsonObject(value)) return false
  const { refreshToken, idToken, subject, idTokenExpiresAt } = value
  const isText = [idToken, subject, idTokenExpiresAt].every((text) => typeof text === 'string')
  return isText && (refreshToken === null || typeof refreshToken === 'string')
}

function cannotOpen(username: Username, problem: string): AdminError {
  return new AdminError('DENIED_VAULT_KEY', `the kept tokens of ${quote(username)} cannot be opened: ${problem}`, {
    suggestions: [logInAgain(username)],
    details: { username },
  })
}
