import type { Orphan } from '../audit/orphans.ts'
import type { Column } from './formats.ts'

export const orphanColumns: readonly Column<Orphan>[] = [
  { name: 'kind', cell: ({ kind }) => kind },
  { name: 'name', cell: ({ name }) => name },
  { name: 'why', cell: ({ why }) => why },
  { name: 'holders', cell: ({ holders }) => String(holders) },
  { name: 'set_at', cell: (row) => row.set_at },
  { name: 'set_by', cell: (row) => row.set_by },
]
