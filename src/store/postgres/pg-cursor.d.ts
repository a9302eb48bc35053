declare module 'pg-cursor' {
  /** What Kysely needs of it, and where the driver hands it over. */
  export default class Cursor<Row> {
    constructor(sql: string, parameters: unknown[])
    callback?: () => void
    submit(connection: unknown): void
    read(rowsCount: number): Promise<Row[]>
    close(): Promise<void>
  }
}
