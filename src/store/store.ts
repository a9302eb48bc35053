import type { AssignmentStore } from '../assignments/assignment-store.ts'
import type { AssignedPeople } from '../audit/assigned-people.ts'
import type { EventLog } from '../audit/event-log.ts'
import type { HoldingList } from '../audit/holdings.ts'
import type { KnownPeople } from '../audit/people.ts'
import type { TokenVault } from '../sso/token-vault.ts'

/** An open store. Whoever opened it closes it. */
export interface Store extends AssignmentStore, EventLog, HoldingList, AssignedPeople, KnownPeople, TokenVault {
  /** Where it is, without a password. */
  readonly location: string
  /** False where nobody has written yet: reading answers that there is nothing. */
  readonly exists: boolean
  /** Whether opening it has made it. */
  readonly isNew: boolean
  close(): Promise<void>
}

export interface StoreStatus {
  readonly location: string
  readonly engine: 'sqlite' | 'postgres'
  /** Of the server, where the engine is one. */
  readonly serverVersion?: string
  readonly migrations: { readonly applied: readonly string[]; readonly pending: readonly string[] }
  /** What is broken: by SQLite's own check of the file, or missing or turned off in PostgreSQL; empty is sound. */
  readonly integrity: readonly string[]
  /** What an administrator should mend, such as a file that everybody may read. */
  readonly findings: readonly string[]
  readonly users: number
  readonly assignments: number
  readonly events: number
  /** Hash of the newest event; keep it elsewhere to notice a log that was cut short. */
  readonly headHash: string | null
  readonly bytes: number
}

export interface MigrationResult {
  readonly location: string
  readonly applied: readonly string[]
  readonly pending: readonly string[]
}

export interface BackupResult {
  readonly location: string
  readonly file: string
  readonly bytes: number
  readonly events: number
  readonly headHash: string | null
}

export interface CopyResult {
  readonly from: string
  readonly to: string
  readonly users: number
  readonly assignments: number
  readonly events: number
  readonly headHash: string | null
}
