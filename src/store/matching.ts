import { type Expression, type SqlBool, sql } from 'kysely'
import { afterPrefix, type Glob } from '../audit/glob.ts'
import type { Engine } from './engine.ts'

/** That the column matches one of the globs. What stands before a wildcard is a range, which an index can search. */
export function matchesAny(
  engine: Engine,
  column: Expression<string | null>,
  globs: readonly Glob[],
): Expression<SqlBool> {
  return anyOf(globs.map((glob) => matches(engine, column, glob)))
}

/** SQL's OR; of nothing it is false. */
export function anyOf(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  if (conditions.length === 0) return sql<SqlBool>`1 = 0`
  return sql<SqlBool>`(${sql.join(conditions, sql` OR `)})`
}

function matches(engine: Engine, column: Expression<string | null>, glob: Glob): Expression<SqlBool> {
  if (glob.isLiteral) return sql<SqlBool>`${column} = ${glob.text}`
  const pattern = engine.matchesPattern(column, glob)
  const end = afterPrefix(glob.prefix)
  if (glob.prefix === '') return pattern
  const range =
    end === null ? sql`${column} >= ${glob.prefix}` : sql`${column} >= ${glob.prefix} AND ${column} < ${end}`
  return sql<SqlBool>`(${range} AND ${pattern})`
}
