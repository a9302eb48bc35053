import { type Expression, type SqlBool, sql } from 'kysely'
import { afterPrefix, type Glob } from '../audit/glob.ts'
import type { RoleFilter } from '../audit/holdings.ts'
import type { Engine } from './engine.ts'

/**
 * That the column matches one of the globs: any number of texts, and as many patterns as {@link parseGlobs} lets in.
 * What stands before a wildcard is a range, which an index can search.
 */
export function matchesAny(
  engine: Engine,
  column: Expression<string | null>,
  globs: readonly Glob[],
): Expression<SqlBool> {
  const texts = globs.filter(({ isLiteral }) => isLiteral).map(({ text }) => text)
  const patterns = globs.filter(({ isLiteral }) => !isLiteral).map((glob) => matches(engine, column, glob))
  return anyOf(texts.length === 0 ? patterns : [isAnyOf(engine, column, texts), ...patterns])
}

/** That the column is one of the texts. */
function isAnyOf(engine: Engine, column: Expression<string | null>, texts: readonly string[]): Expression<SqlBool> {
  return texts.length === 1 ? sql<SqlBool>`${column} = ${texts[0]}` : engine.isOneOf(column, texts)
}

/** SQL's OR; of nothing it is false. Halved again and again, for SQLite follows an expression to a depth of 1000 only. */
function anyOf(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  const [first] = conditions
  if (first === undefined) return sql<SqlBool>`1 = 0`
  if (conditions.length === 1) return first
  const middle = conditions.length >> 1
  return sql<SqlBool>`(${anyOf(conditions.slice(0, middle))} OR ${anyOf(conditions.slice(middle))})`
}

function matches(engine: Engine, column: Expression<string | null>, glob: Glob): Expression<SqlBool> {
  const pattern = engine.matchesPattern(column, glob)
  const end = afterPrefix(glob.prefix)
  if (glob.prefix === '') return pattern
  const range =
    end === null ? sql`${column} >= ${glob.prefix}` : sql`${column} >= ${glob.prefix} AND ${column} < ${end}`
  return sql<SqlBool>`(${range} AND ${pattern})`
}

/** Those of the roles (`r`) that a listing asks for: by their ARN, by their account, by both. */
export function isRoleOf(engine: Engine, { roles, accounts }: RoleFilter): Expression<SqlBool> {
  const all: Expression<SqlBool>[] = [sql<SqlBool>`TRUE`]
  if (roles.length > 0) all.push(matchesAny(engine, sql.ref('r.arn'), roles))
  if (accounts.length > 0) all.push(engine.isOneOf(sql.ref('r.account_id'), accounts))
  return sql<SqlBool>`${sql.join(all, sql` AND `)}`
}
