import { chmodSync, chownSync, copyFileSync, cpSync, existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from '@jest/globals'
import { type Program, projectRoot, type RunOptions, temporaryDirectory } from './admin.ts'

/** Some tests need a person with fewer rights. Root becomes one; anybody else takes rights from their own files. */
export const isRoot = process.getuid?.() === 0

const NOBODY = 65534
const READER_UID = 65533
const READER_GID = 4242

/** Only root can give files away or become somebody else. Elsewhere such a test is skipped, and says so. */
export function testAsRoot(title: string, work: () => Promise<void> | void): void {
  if (!isRoot) process.stderr.write(`SKIPPED, as it needs root: ${title}\n`)
  const declare = isRoot ? test : test.skip
  declare(title, work)
}

/** Somebody who has nothing to do with the store. */
export function stranger(): RunOptions {
  return isRoot ? { uid: NOBODY, gid: NOBODY, program: programForEverybody() } : {}
}

/** Somebody to whom the store was opened for reading. */
export function reader(): RunOptions {
  return isRoot ? { uid: READER_UID, gid: READER_GID, program: programForEverybody() } : {}
}

const everybodys = temporaryDirectory()

/** A copy of the program where everybody can reach it: root's clone may be in a place that is closed to others. */
function programForEverybody(): Program {
  const program = { node: join(everybodys, 'node'), file: join(everybodys, 'dist', 'admin.cjs') }
  if (existsSync(program.node)) return program
  chmodSync(everybodys, 0o755)
  for (const name of ['dist', 'oclif.manifest.json']) {
    cpSync(join(projectRoot, name), join(everybodys, name), { recursive: true })
  }
  copyFileSync(process.execPath, program.node)
  return program
}

/** What `set` records where `SUDO_USER` names this person: only root is believed. */
export const actorBehindSudo = (name: string) => (isRoot ? name : loginName())

/** Not everybody has an entry in the database of users: a container may run as any number. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid:${process.getuid?.()}`
  }
}

/** Nobody but root may come near the store. Answers how to undo it. */
export function closeToStrangers(file: string): () => void {
  if (isRoot) return () => {}
  chmodSync(dirname(file), 0o000)
  return () => chmodSync(dirname(file), 0o750)
}

/** The reader may read the store, but not write it or its directory. Answers how to undo it. */
export function openToReader(file: string): () => void {
  const files = [file, `${file}-wal`, `${file}-shm`].filter(existsSync)
  if (isRoot) {
    for (const path of [dirname(file), ...files]) chownSync(path, 0, READER_GID)
    return () => {}
  }
  for (const path of files) chmodSync(path, 0o440)
  chmodSync(dirname(file), 0o550)
  return () => {
    chmodSync(dirname(file), 0o750)
    for (const path of files) chmodSync(path, 0o640)
  }
}
