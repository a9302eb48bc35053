import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { AdminError, type ErrorCode } from '../../errors.ts'

interface Explanation {
  readonly code: ErrorCode
  readonly message: string
}

/**
 * Turns what SQLite or the file system threw into words about this store. Result codes: https://sqlite.org/rescode.html
 * What is none of these comes back as it was.
 */
export function translateSqliteError(error: unknown, path: string): unknown {
  const code = errorCode(error)
  if (code === undefined || error instanceof AdminError) return error
  const explanation = explainAccess(code, path) ?? explainContent(code, String(error), path) ?? explainDisk(code, path)
  return explanation === null ? error : new AdminError(explanation.code, explanation.message, { cause: error })
}

function explainAccess(code: string, path: string): Explanation | null {
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    const message = `the store ${path} is locked by another process\nnothing was changed; run the command again`
    return { code: 'UNAVAILABLE_STORE', message }
  }
  if (/^(SQLITE_(READONLY|CANTOPEN)|EROFS)/.test(code) && writeProblem(dirname(path)) === 'EROFS') {
    const message = `the disk that holds the store ${path} is mounted for reading only; even readers of a store need to write beside it\nwhere it is mounted for writing, "admin store backup FILE" makes a file that can be read from such a disk`
    return { code: 'DENIED_STORE', message }
  }
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code) || ['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return { code: 'DENIED_STORE', message: `you may not write to the store ${path}` }
  }
  if (code.startsWith('SQLITE_CANTOPEN') && writeProblem(dirname(path)) !== null) {
    return { code: 'DENIED_STORE', message: `you may not write to the directory of the store ${path}` }
  }
  return null
}

function explainContent(code: string, words: string, path: string): Explanation | null {
  const explain = (message: string): Explanation => ({ code: 'INVALID_DATABASE', message })
  if (code === 'SQLITE_NOTADB') return explain(`${path} is not an SQLite database: is that the right --database?`)
  if (code.startsWith('SQLITE_CORRUPT'))
    return explain(`the store ${path} is damaged (${code})\nrestore it from a backup`)
  if (code === 'SQLITE_ERROR' && /no such (table|column)/.test(words)) {
    return explain(
      `the store ${path} lacks a part of its schema\nsomebody changed it behind our back; restore it from a backup`,
    )
  }
  return code === 'ENOENT' ? explain(`the directory of the store ${path} cannot be made`) : null
}

function explainDisk(code: string, path: string): Explanation | null {
  const explain = (message: string): Explanation => ({ code: 'UNAVAILABLE_STORE', message })
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return explain(`the disk that holds ${path} is full`)
  const isInput = code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_IOERR')
  return isInput ? explain(`the store ${path} cannot be opened (${code}); is its disk full or failing?`) : null
}

/** The error code of who would write there; `null` where one may. */
function writeProblem(directory: string): string | null {
  try {
    accessSync(directory, constants.W_OK)
    return null
  } catch (error) {
    return errorCode(error) ?? ''
  }
}

/** By shape: modules that a test loads have an `Error` of their own. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
