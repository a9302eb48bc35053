import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'

/** What libpq knows by these names (PostgreSQL documentation, "SSL Support" of libpq). */
export interface TlsSettings {
  readonly mode: SslMode
  readonly rootCertificate: string | null
  readonly certificate: string | null
  readonly key: string | null
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

/**
 * Reads `sslmode`, `sslrootcert`, `sslcert` and `sslkey`, and libpq's environment variables for what is left out.
 *
 * @throws AdminError INVALID_DATABASE
 */
export function readTls(
  parameters: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
  isIam: boolean,
): TlsSettings {
  const mode = readMode(parameters.get('sslmode') || environment.PGSSLMODE || (isIam ? 'verify-full' : 'prefer'))
  if (isIam && ['disable', 'allow', 'prefer'].includes(mode)) {
    const expected = 'with iam=1 expected verify-full, verify-ca or require: the token must not travel in the clear'
    throw new AdminError('INVALID_DATABASE', `sslmode is ${mode}, ${expected}`)
  }
  return {
    mode,
    rootCertificate: parameters.get('sslrootcert') || environment.PGSSLROOTCERT || null,
    certificate: parameters.get('sslcert') || environment.PGSSLCERT || null,
    key: parameters.get('sslkey') || environment.PGSSLKEY || null,
  }
}

function readMode(text: string): SslMode {
  const mode = sslModes.find((known) => known === text)
  if (mode !== undefined) return mode
  throw new AdminError('INVALID_DATABASE', `sslmode is ${quote(text)}, expected ${sslModes.join(', ')}`)
}
