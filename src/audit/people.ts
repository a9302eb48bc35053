/** What the store knows of a person beside their roles, as it stands there. */
export interface KnownPerson {
  readonly username: string
  /** The `sub` claim of the last login. */
  readonly subject: string | null
  readonly roleSessionName: string | null
  readonly lastSsoLogin: string | null
  /** When what is assigned to them ends, also where that has passed. */
  readonly expiresAt: string | null
}

/** The port of everybody and everything that the store has ever seen, with roles or without. */
export interface KnownPeople {
  /** In batches, sorted by name in the order of code points. */
  people(): AsyncIterable<readonly KnownPerson[]>
  /** In batches, sorted; a text that somebody edited until it was no ARN any more is there too. */
  seenRoles(): AsyncIterable<readonly string[]>
}
