import { isAbsolute, join, resolve } from 'node:path'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'

/** Where the store is: the path of an SQLite file. */
export interface StoreLocation {
  readonly engine: 'sqlite'
  readonly path: string
}

/**
 * Reads `--database`: `sqlite:///absolute/path.db` or a plain path.
 *
 * @throws AdminError INVALID_DATABASE; a password in a URL is not repeated
 */
export function parseStoreLocation(text: string): StoreLocation {
  if (text === '')
    throw new AdminError(
      'INVALID_DATABASE',
      'the database is an empty string; expected sqlite:///absolute/path.db or a path',
    )
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { engine: 'sqlite', path: resolve(text) }
  if (scheme === 'sqlite') return { engine: 'sqlite', path: sqlitePath(text) }
  const known = scheme === 'postgres' || scheme === 'postgresql'
  throw new AdminError(
    'INVALID_DATABASE',
    known
      ? 'this version keeps its store in SQLite only, not in PostgreSQL; expected sqlite:///absolute/path.db or a path'
      : `databases of the kind "${scheme}:" are not known; expected sqlite:///absolute/path.db or a path`,
  )
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
