/** What the PostgreSQL driver reads `.pgpass` with; it ships no types. */
declare module 'pgpass' {
  interface Asked {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }

  export default function pgpass(asked: Asked, answer: (password: string | undefined) => void): void
}
