import type { Instant } from '../../clock.ts'
import { AdminError } from '../../errors.ts'
import { isJsonObject } from '../../iam/json-object.ts'
import type { Cached, CredentialCache } from '../../sessions/credential-cache.ts'
import { explainDenial, explainNotFound } from './explain-refusal.ts'
import type { FoundEndpoint, RedshiftAccess, RedshiftPassword } from './redshift-access.ts'
import type { RedshiftLogin } from './redshift-login.ts'
import { isTunnel } from './tunnel.ts'

/** All that a client needs to connect. `cached`: AWS was not asked for this answer. */
export interface RedshiftCredentials {
  readonly dbUser: string
  readonly dbPassword: string
  readonly expiration: Instant
  readonly host: string
  readonly port: number
  readonly database: string
  readonly cached: boolean
}

type Fetched = Omit<RedshiftCredentials, 'cached'> & Named

interface Named {
  /** What the certificate is for, where that is not `host` and is known. */
  readonly certificateName?: string
}

export interface RedshiftAnswer {
  readonly credentials: RedshiftCredentials
  /** What the certificate is for; `null` where `host` is the end of a tunnel to a name that was not to be had. */
  readonly certificateName: string | null
}

export interface RedshiftSources {
  /** `null`: nothing is read from a cache, and nothing put there. */
  readonly cache: CredentialCache | null
  /** What tells callers apart, and where they ask; never a secret itself. Asked only for the cache. */
  readonly callerDigest: () => Promise<string>
  /** Opened only where AWS is asked. */
  readonly access: () => Promise<RedshiftAccess>
}

/** Seconds. A connection begins within them, and nobody is handed a password that is about to end. */
const MARGIN = 120

/**
 * A password for Redshift, from the cache where there is one for the same login of the same caller: however many ask at
 * once, AWS is asked once.
 *
 * @param isNameWanted at the end of a tunnel AWS is asked for the name of the endpoint, too
 * @throws AdminError NOT_FOUND_CLUSTER, NOT_FOUND_WORKGROUP, DENIED_AWS, UNAVAILABLE_AWS, and those of files for the cache
 */
export async function redshiftCredentials(
  login: RedshiftLogin,
  sources: RedshiftSources,
  isNameWanted: boolean,
): Promise<RedshiftAnswer> {
  const isNameAsked = isNameWanted && isTunnel(login)
  const fetch = async () => fetchCredentials(login, await sources.access(), isNameAsked)
  const inputs = { ...login, ...(isNameAsked && { isNameAsked }) }
  const { value, isCached } =
    sources.cache === null
      ? { value: await fetch(), isCached: false }
      : await fromCache(inputs, sources.cache, fetch, sources)
  const { certificateName = isTunnel(login) ? null : value.host, ...credentials } = value
  return { credentials: { ...credentials, cached: isCached }, certificateName }
}

async function fromCache(
  login: Readonly<Record<string, unknown>>,
  cache: CredentialCache,
  fetch: () => Promise<Fetched>,
  { callerDigest }: RedshiftSources,
): Promise<Cached<Fetched>> {
  const inputs = { ...login, caller: await callerDigest() }
  try {
    return await cache.get({ kind: 'redshift', inputs, margin: MARGIN, parse: parseFetched, fetch })
  } catch (error) {
    throw cacheFailure(error) ?? error
  }
}

/** The error of a file is the cache's: those of AWS are in our words already. */
function cacheFailure(error: unknown): AdminError | null {
  if (!(error instanceof Error)) return null
  const isExplained = error instanceof AdminError
  if (isExplained ? !/_(UNSAFE_)?FILE$/.test(error.code) : !('syscall' in error && 'code' in error)) return null
  const message = `the cache of credentials cannot be used: ${error.message}\n--no-cache does without it`
  return new AdminError(isExplained ? error.code : 'DENIED_FILE', message, { cause: error })
}

function parseFetched(value: unknown): Fetched | null {
  if (!isJsonObject(value)) return null
  const { dbUser, dbPassword, expiration, host, port, database } = value
  const isWhole = [dbUser, dbPassword, expiration, host, database].every(
    (text) => typeof text === 'string' && text !== '',
  )
  const isNamed = value.certificateName === undefined || typeof value.certificateName === 'string'
  return isWhole && isNamed && typeof port === 'number' ? (value as unknown as Fetched) : null
}

/** The endpoint first: a password that nobody can use need not be made. */
async function fetchCredentials(login: RedshiftLogin, access: RedshiftAccess, isNameAsked: boolean): Promise<Fetched> {
  const { host, port, workgroupId } = await endpointOf(login, access)
  const named = isNameAsked ? await nameBehindTunnel(login, access) : {}
  const { dbUser, dbPassword, expiration } = await askPassword(login, access, workgroupId)
  return { dbUser, dbPassword, expiration, host, port, database: login.database, ...named }
}

/** Whoever names the host may be somebody who may not describe the cluster. */
async function nameBehindTunnel({ target }: RedshiftLogin, access: RedshiftAccess): Promise<Named> {
  if (target.kind === 'custom-domain') return { certificateName: target.name }
  try {
    const found = await access.findEndpoint(target)
    return found === null ? {} : { certificateName: found.host }
  } catch (error) {
    if (error instanceof AdminError && error.code === 'DENIED_AWS') return {}
    throw error
  }
}

/**
 * Host and port: those that were given, else those that AWS knows.
 *
 * @throws AdminError NOT_FOUND_CLUSTER, NOT_FOUND_WORKGROUP, DENIED_AWS, UNAVAILABLE_CLUSTER
 */
export async function endpointOf(login: RedshiftLogin, access: RedshiftAccess): Promise<FoundEndpoint> {
  if (login.endpoint !== null) return { ...login.endpoint, workgroupId: null }
  const found = await orExplained(() => access.findEndpoint(login.target), login, access, null)
  if (found === null) throw await explainNotFound(login, access)
  return found
}

function askPassword(
  login: RedshiftLogin,
  access: RedshiftAccess,
  workgroupId: string | null,
): Promise<RedshiftPassword> {
  return orExplained(() => access.askPassword(login), login, access, workgroupId)
}

async function orExplained<T>(
  work: () => Promise<T>,
  login: RedshiftLogin,
  access: RedshiftAccess,
  workgroupId: string | null,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    if (error.code === 'NOT_FOUND_AWS') throw await explainNotFound(login, access, error)
    if (error.code === 'DENIED_AWS') throw await explainDenial(error, login, access, workgroupId)
    throw error
  }
}
