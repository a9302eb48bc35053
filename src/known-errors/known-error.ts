/** A message that people meet, and what is behind it. */
export interface KnownError {
  /** Stable: scripts may look for it. */
  readonly id: string
  /**
   * What the message is known by, and of it what may be shown. Every repetition in it has an end, so that a log of any
   * content is read in linear time.
   */
  readonly pattern: RegExp
  /** Where this is all that was given, such as a bare number, which in a log may mean anything. */
  readonly wholeText?: RegExp
  /** Says little by itself: it counts only in a line where nothing else was recognised. */
  readonly isGeneral?: boolean
  readonly meaning: string
  /** Most likely first. */
  readonly causes: readonly string[]
  /** Commands that can be pasted, words in capitals to be replaced; most useful first. */
  readonly checks: readonly string[]
  /** Where this is known from. */
  readonly source: string
}
