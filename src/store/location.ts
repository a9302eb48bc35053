import { isAbsolute, join, resolve } from 'node:path'
import type { IamPassword } from '../connection/endpoint.ts'
import type { PostgresLocation } from '../connection/postgres-location.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'

/** Where the store is. */
export type StoreLocation = SqliteLocation | PostgresLocation

export interface SqliteLocation {
  readonly engine: 'sqlite'
  /** Absolute. */
  readonly path: string
}

const EXPECTED = 'expected postgres://user@host/database, sqlite:///absolute/path.db or a path'

/**
 * Reads `--database`: `postgres://user@host:port/database`, `sqlite:///absolute/path.db` or a plain path.
 *
 * @throws AdminError INVALID_DATABASE; a password in a URL is not repeated
 */
export async function parseStoreLocation(
  text: string,
  environment: NodeJS.ProcessEnv,
  iamPassword: IamPassword,
): Promise<StoreLocation> {
  if (text === '') throw new AdminError('INVALID_DATABASE', `the database is an empty string; ${EXPECTED}`)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { engine: 'sqlite', path: resolve(text) }
  if (scheme === 'sqlite') return { engine: 'sqlite', path: sqlitePath(text) }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { parsePostgresLocation } = await import('../connection/postgres-location.ts')
    return parsePostgresLocation(text, environment, iamPassword)
  }
  throw new AdminError('INVALID_DATABASE', `databases of the kind "${scheme}:" are not known; ${EXPECTED}`)
}

/** As messages and results name it: never with a password. */
export function nameOf(location: StoreLocation): string {
  return location.engine === 'sqlite' ? location.path : location.name
}

/** The store of the whole system for root, one of their own for everybody else. */
export function defaultStorePath(isRoot: boolean, home: string, environment: NodeJS.ProcessEnv): string {
  if (isRoot) return SYSTEM_STORE_PATH
  return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'admin', 'admin.db')
}

export const SYSTEM_STORE_PATH = '/var/lib/admin/admin.db'

function sqlitePath(url: string): string {
  const path = /^sqlite:\/\/(\/.*)$/is.exec(url)?.[1]
  const decoded = path === undefined ? null : decodePath(path)
  if (decoded === null || !isAbsolute(decoded) || decoded.includes('\0')) {
    throw new AdminError(
      'INVALID_DATABASE',
      `${quote(url.replace(/\/\/[^/]*@/, '//…@'))} is not a database: expected sqlite:///absolute/path.db, with three slashes`,
    )
  }
  return resolve(decoded)
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
