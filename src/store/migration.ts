/**
 * One step of the schema, said for each engine. Released steps are never edited: the store keeps a checksum of each that it applied and
 * refuses to work with another text of the same name.
 */
export interface Migration {
  /** Four digits, a hyphen and what it is about. Steps are applied in the order of their names. */
  readonly name: string
  readonly sqlite: string
  readonly postgres: string
}
