import type { Client } from 'pg'
import type { Loader } from '../engine.ts'
import { copyIn } from './copy-in.ts'

export async function postgresLoader(client: Client): Promise<Loader> {
  await client.query('SET LOCAL statement_timeout = 0')
  return {
    insert: (table, columns, rows) => {
      const names = columns.map((column) => `"${column}"`).join(', ')
      return copyIn(client, `${table} (${names})`, rows)
    },
    finish: async () => {
      for (const table of ['users', 'roles']) await continueAfterLargest(client, table)
    },
  }
}

async function continueAfterLargest(client: Client, table: string): Promise<void> {
  await client.query(
    `SELECT setval(pg_get_serial_sequence('${table}', 'id'), max(id)) FROM ${table} HAVING max(id) IS NOT NULL`,
  )
}
