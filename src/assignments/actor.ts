/** Who ran the command: what every event carries, and what `set_by` shows. */
export interface Actor {
  /** The person behind sudo where there is one, else the login name. */
  readonly name: string
  readonly uid: number
  readonly host: string
}
