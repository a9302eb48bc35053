/** MySQL or MariaDB, as far as users are concerned. */
export interface MysqlServer {
  /** Never with a password. */
  readonly name: string
  readonly facts: () => Promise<MysqlFacts>
  /** Those of this name in exactly this letter case, whatever hosts they are for. */
  readonly accountsOf: (user: string) => Promise<readonly MysqlAccount[]>
  /** Other names that differ from this one in letter case alone. */
  readonly namesLike: (user: string) => Promise<readonly string[]>
  /** @throws AdminError DENIED_DATABASE, UNAVAILABLE_DATABASE */
  readonly run: (statement: string) => Promise<void>
}

export interface MysqlFacts {
  readonly engine: 'mysql' | 'mariadb'
  readonly version: string
  readonly isReadOnly: boolean
  /** The account as which the server knows the connection, as `root@localhost`. */
  readonly connectedAs: string
  /** The plugin is there and active. */
  readonly hasIamPlugin: boolean
}

export interface MysqlAccount {
  readonly host: string
  /** How it logs in, as `mysql_native_password`. */
  readonly plugin: string
  readonly requiresTls: boolean
  /** REQUIRE X509, ISSUER, SUBJECT or CIPHER. */
  readonly requiresMoreThanTls: boolean
  readonly isRole: boolean
  readonly mayCreateUsers: boolean
  readonly mayReplicate: boolean
}
