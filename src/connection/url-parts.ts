import { userInfo } from 'node:os'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'

/** The URL of a database, taken apart and not yet understood. */
export interface UrlParts {
  readonly user: string
  /** `null` where there is none. */
  readonly password: string | null
  /** With its port. */
  readonly host: string
  readonly database: string
  readonly parameters: ReadonlyMap<string, string>
}

export interface Host {
  /** Empty where the URL has none. */
  readonly host: string
  readonly port: number
}

const URL_FORM = /^[a-z]+:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/is
const CONNECT_TIMEOUT = 10_000

/** Reads the URL of one kind of database. Each throws AdminError INVALID_DATABASE and repeats nothing that may be a password. */
export interface UrlReader {
  readonly split: (url: string) => UrlParts
  /** @param ports where it may stand beside the URL, first that counts */
  readonly splitHost: (part: string, ports: readonly (string | undefined)[], usual: number) => Host
  readonly loginName: () => string
}

/**
 * @param expected as `expected postgres://user@host:port/database`
 * @param known the parameters that it may have
 */
export function urlReader(expected: string, known: readonly string[]): UrlReader {
  const refuseForm = (): never => {
    const advice = 'percent-encode what of a password is neither letter nor digit, or better leave it out'
    throw new AdminError('INVALID_DATABASE', `the URL of the database cannot be read: ${expected}\n${advice}`)
  }
  const decoded = (text: string | undefined): string => {
    try {
      return decodeURIComponent(text ?? '')
    } catch {
      return refuseForm()
    }
  }
  return {
    split: (url) => {
      const [, user, password, host = '', database, query = ''] = URL_FORM.exec(url) ?? refuseForm()
      // An @ means that what stands here is the rest of a password with a ? in it.
      if (query.includes('@')) refuseForm()
      const parameters = readParameters(query, known)
      const readPassword = password === undefined ? null : decoded(password)
      return { user: decoded(user), password: readPassword, host, database: decoded(database), parameters }
    },
    splitHost: (part, ports, usual) => {
      refuseSeveral(part, expected)
      const [, bracketed, plain, portPart] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(part) ?? refuseForm()
      return { host: bracketed || decoded(plain), port: readPort([portPart, ...ports], usual) }
    },
    loginName: () => loginName(expected),
  }
}

function readParameters(query: string, known: readonly string[]): ReadonlyMap<string, string> {
  const parameters = new Map(new URLSearchParams(query))
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue
    throw new AdminError(
      'INVALID_DATABASE',
      `the URL of the database has the parameter ${quote(name)}; expected ${known.join(', ')}`,
    )
  }
  return parameters
}

function refuseSeveral(part: string, expected: string): void {
  if (!part.includes(',')) return
  const advice = 'name the one that accepts writes, such as the cluster endpoint'
  throw new AdminError('INVALID_DATABASE', `the URL of the database names several hosts; ${expected}\n${advice}`)
}

function readPort(ports: readonly (string | undefined)[], usual: number): number {
  const port = Number(ports.find((text) => text !== undefined && text !== '') ?? usual)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new AdminError('INVALID_DATABASE', `the port of the database is ${quote(String(port))}, expected 1 to 65535`)
}

/** @throws AdminError INVALID_DATABASE */
export function readIam(value: string | undefined): boolean {
  if (value === undefined || value === '0') return false
  if (value === '1') return true
  throw new AdminError('INVALID_DATABASE', `iam is ${quote(value)} in the URL of the database, expected 1 or 0`)
}

/** Milliseconds of a number of seconds; as for libpq, 0 and less stand for no limit of their own. */
export function readTimeout(text: string | undefined): number {
  const seconds = Number(text ?? '')
  return Number.isInteger(seconds) && seconds > 0 ? seconds * 1000 : CONNECT_TIMEOUT
}

export function shownHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host.startsWith('/') ? encodeURIComponent(host) : host
}

/** Not everybody has an entry in the database of users. */
function loginName(expected: string): string {
  try {
    return userInfo().username
  } catch {
    throw new AdminError('INVALID_DATABASE', `the URL of the database names no user; ${expected}`)
  }
}
