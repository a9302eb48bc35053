import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { AdminError } from '../errors.ts'
import { regionOfEndpoint } from '../iam/database-reference.ts'
import { shellQuote } from '../iam/quote.ts'
import { addressOfRdsAuthorities } from '../iam/rds-authorities.ts'
import type { TlsSettings } from './tls-settings.ts'

/** What to tell Node.js of a connection with TLS; `false` is one without. */
export type Tls = ConnectionOptions | false

/**
 * The ways to try, in this order, as libpq does: `prefer` takes a server without TLS, `allow` asks for TLS only where
 * the server insists, `require` encrypts and trusts whoever answers, unless a root certificate is at hand, `verify-ca`
 * checks who signed, `verify-full` also for whom. The driver itself would take `require` for `verify-full`.
 *
 * Where no root certificate is named, that of `~/.postgresql/root.crt` counts, else those that Node.js brings.
 *
 * @throws AdminError NOT_FOUND_FILE, DENIED_FILE
 */
export function tlsWays(settings: TlsSettings, host: string): readonly Tls[] {
  const { mode } = settings
  if (mode === 'disable' || host.startsWith('/')) return [false]
  const encrypted = tlsOptions(settings, host)
  if (mode === 'prefer') return [encrypted, false]
  return mode === 'allow' ? [false, encrypted] : [encrypted]
}

/** Connects by each of the ways in turn, as long as what went wrong asks for another one. */
export async function byFirstWay<T>(
  ways: readonly Tls[],
  connect: (tls: Tls) => Promise<T>,
  asksForAnother: (error: unknown) => boolean,
): Promise<T> {
  let failure: unknown
  for (const [index, tls] of ways.entries()) {
    try {
      return await connect(tls)
    } catch (error) {
      if (index === ways.length - 1 || !asksForAnother(error)) throw error
      failure = error
    }
  }
  throw failure
}

function tlsOptions(settings: TlsSettings, host: string): ConnectionOptions {
  const { mode, certificate, key } = settings
  const root = settings.rootCertificate ?? ownRootCertificate()
  const isChecked = mode.startsWith('verify') || (mode === 'require' && root !== null)
  const isNameChecked = mode === 'verify-full' || root === 'system'
  return {
    rejectUnauthorized: isChecked,
    ...(isChecked && root !== null && root !== 'system' && { ca: read(root, downloads(root, host)) }),
    ...(isChecked && !isNameChecked && { checkServerIdentity: () => undefined }),
    ...(certificate !== null && { cert: read(certificate) }),
    ...(key !== null && { key: read(key) }),
  }
}

function ownRootCertificate(): string | null {
  const file = join(homedir(), '.postgresql', 'root.crt')
  return existsSync(file) ? file : null
}

/** How the authorities of RDS come to be where they were named. */
function downloads(file: string, host: string): readonly string[] {
  const region = regionOfEndpoint(host.toLowerCase())
  const address = region === null ? null : addressOfRdsAuthorities(region)
  return address === null ? [] : [`curl --fail --create-dirs --output ${shellQuote(file)} ${address}`]
}

function read(file: string, suggestions: readonly string[] = []): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const isMissing = !existsSync(file)
    const message = isMissing ? `there is no certificate file ${file}` : `you may not read the file ${file}`
    throw new AdminError(isMissing ? 'NOT_FOUND_FILE' : 'DENIED_FILE', message, {
      suggestions: isMissing ? suggestions : [],
      cause: error,
    })
  }
}
