/** PostgreSQL, as far as users are concerned. All is asked and told by one connection. */
export interface PostgresServer {
  /** Never with a password. */
  readonly name: string
  /** All or nothing: what `work` throws undoes what it did. */
  readonly inTransaction: <T>(work: () => Promise<T>) => Promise<T>
  readonly facts: () => Promise<PostgresFacts>
  /** By its name in exactly this letter case. */
  readonly findUser: (name: string) => Promise<PostgresUser | null>
  /** Other names that differ from this one in letter case alone. */
  readonly namesLike: (name: string) => Promise<readonly string[]>
  /** Who is a member, directly or through others; nobody where there is no such role. */
  readonly membersOf: (role: string) => Promise<readonly Member[]>
  /** @throws AdminError DENIED_DATABASE, UNAVAILABLE_DATABASE */
  readonly run: (statement: string) => Promise<void>
}

export interface PostgresFacts {
  /** As `18.4`. */
  readonly version: string
  readonly isRedshift: boolean
  readonly isReplica: boolean
  readonly connectedAs: string
  readonly hasIamRole: boolean
  /** Has the roles that RDS and Aurora bring. */
  readonly isOfRds: boolean
}

export interface PostgresUser {
  readonly name: string
  readonly canLogin: boolean
  readonly isSuperuser: boolean
  readonly isReplication: boolean
  /** `null` where the connected user may not know, as on RDS. */
  readonly hasPassword: boolean | null
}

export interface Member {
  readonly name: string
  readonly canLogin: boolean
  /** May only hand the role on, as PostgreSQL 16 and newer make whoever creates a role: neither inherits nor becomes it. */
  readonly isAdminOnly: boolean
}
