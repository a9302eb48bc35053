/** What the patches know that moto does not: settings of the test, and what moto answers 200 to and does not keep. */
export class PatchState {
  /** By the names of `GetAccountSummary`. */
  readonly quotas = new Map<string, number>()
  /** Ids of Redshift Serverless workgroups by account and name. */
  readonly workgroups = new Map<string, string>()
  /** Statuses of clusters of Redshift by name, other than available. */
  readonly warehouses = new Map<string, string>()
  /** Names of the roles that access keys are sessions of. */
  readonly roles = new Map<string, string>()
  /** How many passwords Redshift gave that moto knows nothing of. */
  passwords = 0
  readonly databases = new Map<string, DatabaseState>()
  /** What else waits for the maintenance window of a database, by its identifier. */
  readonly otherPending = new Map<string, Readonly<Record<string, string>>>()
  /** The most that bulk answers put on a page, whatever was asked. */
  pageSize = Number.POSITIVE_INFINITY
  /** So many times a database is described before a change that is applied at once has taken effect. */
  describesUntilApplied = 0

  clear(): void {
    this.quotas.clear()
    this.workgroups.clear()
    this.warehouses.clear()
    this.roles.clear()
    this.passwords = 0
    this.databases.clear()
    this.otherPending.clear()
    this.pageSize = Number.POSITIVE_INFINITY
    this.describesUntilApplied = 0
  }

  /** What waited for the maintenance window takes effect. */
  passMaintenanceWindow(): void {
    for (const database of this.databases.values()) settle(database)
    this.otherPending.clear()
  }
}

/** IAM authentication of a database since it was first modified. */
export interface DatabaseState {
  iamAuthentication: boolean
  /** `null`: nothing waits. */
  pending: boolean | null
  /** `null`: it waits for the maintenance window. */
  describesLeft: number | null
}

export function settle(database: DatabaseState): void {
  database.iamAuthentication = database.pending ?? database.iamAuthentication
  database.pending = null
}
