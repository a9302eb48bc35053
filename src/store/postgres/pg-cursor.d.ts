declare module 'pg-cursor' {
  import type { PostgresCursorConstructor } from 'kysely'

  const cursor: PostgresCursorConstructor
  export default cursor
}
