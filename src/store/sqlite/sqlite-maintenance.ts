import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { AdminError } from '../../errors.ts'
import { noStore } from '../no-store.ts'
import type { BackupResult, MigrationResult, StoreStatus } from '../store.ts'
import { guardProblems } from './guards.ts'
import { openAndMigrate, openForReading, type SqliteDatabase } from './sqlite-connection.ts'
import { errorCode, translateSqliteError } from './sqlite-errors.ts'
import { createDatabaseFile, leaveReadable, removeAbandonedFiles } from './sqlite-file.ts'
import { appliedMigrations, pendingNames } from './sqlite-migrations.ts'

const BACKUP_MODE = 0o600

/** @throws AdminError NOT_FOUND_STORE */
export async function sqliteStatus(path: string): Promise<StoreStatus> {
  return reading(path, (database) => {
    const pending = pendingNames(database)
    return {
      location: path,
      engine: 'sqlite',
      migrations: { applied: appliedMigrations(database).map(({ name }) => name), pending },
      integrity: [...integrityProblems(database), ...(pending.length === 0 ? guardProblems(database) : [])],
      findings: modeFindings(path),
      users: count(database, 'users'),
      assignments: count(database, 'assignments'),
      ...logHead(database),
      bytes: statSync(path).size,
    }
  })
}

/** Makes the store where there is none, and brings an older one up to date. */
export async function migrateSqliteStore(path: string): Promise<MigrationResult> {
  try {
    const { database, applied } = await openAndMigrate(path)
    const pending = pendingNames(database)
    database.close()
    leaveReadable(path)
    return { location: path, applied, pending }
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

/**
 * Writes a consistent copy, also while others write to the store. The copy appears under its name only when it is
 * complete and its integrity was checked; only its owner may read it.
 *
 * @throws AdminError NOT_FOUND_STORE, REFUSED_FILE_EXISTS, DENIED_FILE
 */
export async function backupSqliteStore(path: string, file: string): Promise<BackupResult> {
  const target = resolve(file)
  if (existsSync(target)) throw fileExists(target)
  return reading(path, (database) => {
    writeBackup(target, (temporary) => copyAndCheck(database, temporary))
    const copy = new Database(target, { readonly: true })
    const head = logHead(copy)
    copy.close()
    return { location: path, file: target, bytes: statSync(target).size, ...head }
  })
}

function writeBackup(target: string, fill: (temporary: string) => void): void {
  try {
    removeAbandonedFiles(target)
    if (!createDatabaseFile(target, fill, BACKUP_MODE)) throw fileExists(target)
  } catch (error) {
    const code = errorCode(error) ?? ''
    const options = { details: { file: target }, cause: error }
    if (code === 'ENOENT') throw new AdminError('NOT_FOUND_FILE', `there is no directory ${dirname(target)}`, options)
    if (['EACCES', 'EPERM', 'EROFS'].includes(code))
      throw new AdminError('DENIED_FILE', `you may not write ${target}`, options)
    throw translateSqliteError(error, target)
  }
}

function fileExists(file: string): AdminError {
  return new AdminError('REFUSED_FILE_EXISTS', `${file} exists already; a backup never overwrites a file`)
}

function copyAndCheck(database: SqliteDatabase, temporary: string): void {
  database.prepare('VACUUM INTO ?').run(temporary)
  const copy = new Database(temporary, { readonly: true })
  const problems = integrityProblems(copy)
  copy.close()
  if (problems.length > 0) throw new AdminError('INVALID_DATABASE', `the copy is not sound: ${problems[0]}`)
}

function reading<T>(path: string, work: (database: SqliteDatabase) => T): T {
  try {
    const database = openForReading(path)
    if (database === null) throw noStore(path)
    try {
      return work(database)
    } finally {
      database.close()
    }
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

function integrityProblems(database: SqliteDatabase): readonly string[] {
  const answers = (database.pragma('integrity_check') as object[]).map((row) => String(Object.values(row)[0]))
  const orphans = (database.pragma('foreign_key_check') as object[]).length
  return [...answers.filter((answer) => answer !== 'ok'), ...(orphans > 0 ? [`${orphans} rows refer to nothing`] : [])]
}

/** Whoever may write the file or swap it decides who gets in; whoever may read it learns who may do what. */
function modeFindings(path: string): readonly string[] {
  const [file, directory] = [statSync(path), statSync(dirname(path))]
  const octal = (mode: number) => (mode & 0o7777).toString(8).padStart(4, '0')
  const isSticky = (directory.mode & 0o1000) !== 0
  return [
    ...((file.mode & 0o002) === 0
      ? []
      : [`everybody may write ${path} (mode ${octal(file.mode)}): chmod 0640 ${path}`]),
    ...((file.mode & 0o006) === 0o004
      ? [`everybody may read ${path} (mode ${octal(file.mode)}): chmod 0640 ${path}`]
      : []),
    ...((directory.mode & 0o002) !== 0 && !isSticky
      ? [`everybody may replace ${path} (its directory has mode ${octal(directory.mode)}): chmod 0750 ${dirname(path)}`]
      : []),
    ...(process.getuid?.() === 0 && file.uid !== 0
      ? [`${path} belongs to uid ${file.uid}, not to root: chown root ${path}`]
      : []),
  ]
}

function count(database: SqliteDatabase, table: 'users' | 'assignments'): number {
  return Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
}

function logHead(database: SqliteDatabase): { events: number; headHash: string | null } {
  const head = database
    .prepare<[], { id: number; hash: string }>('SELECT id, hash FROM events ORDER BY id DESC LIMIT 1')
    .get()
  return { events: head?.id ?? 0, headHash: head?.hash ?? null }
}
