import type { Entry } from './entry.ts'

/**
 * Sorts more entries than memory holds: by user name, and those of one user by line. The order of the names is that of
 * the store. Whoever asked for one closes it.
 */
export interface EntrySorter {
  add(entries: readonly Entry[]): void
  /** All that were added, many at a time. May be asked for again; nothing can be added then. */
  sorted(): Iterable<readonly Entry[]>
  close(): void
}
