/** A file to import. It is read more than once, and each time gives the same bytes. */
export interface ImportFile {
  /** As the audit log names it: without directories; `-` for standard input. */
  readonly name: string
  readonly bytes: number
  /**
   * From its beginning, in pieces that hold until the next one is asked for.
   *
   * @throws AdminError INVALID_IMPORT where the file has changed since it was first read
   */
  chunks(): Iterable<Uint8Array>
}
