/** The key with which tokens are sealed, in a file outside the store. */
export interface VaultKeyFile {
  readonly path: string
  /** `null` where there is none. */
  readonly read: () => Buffer | null
  /** Makes one where there is none; of several processes that do, all get the same. */
  readonly readOrMake: () => Buffer
}
