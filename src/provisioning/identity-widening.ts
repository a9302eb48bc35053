import type { JsonObject } from '../iam/json-object.ts'
import { canonicalStatement, statementsOf, toList } from './policy-document.ts'

/**
 * What a new identity policy allows without bounds that the old one did not, in words that continue "it may do more
 * than before: …". Statements that both have are no news, and a new policy without wildcard actions says all in its diff.
 */
export function identityWidening(before: JsonObject | null, after: JsonObject): readonly string[] {
  if (before === null) return allowing(after).flatMap((statement) => unbounded(statement, []))
  const old = statementsOf(before)
  const known = new Set(old.map(canonicalStatement))
  const kept = new Set(statementsOf(after).map(canonicalStatement))
  const lostDenials = old.filter((statement) => statement.Effect === 'Deny' && !kept.has(canonicalStatement(statement)))
  const added = allowing(after).filter((statement) => !known.has(canonicalStatement(statement)))
  return [
    ...lostDenials.map(() => 'a Deny statement goes away'),
    ...added.flatMap((statement) => [
      ...unbounded(statement, old),
      ...everywhere(statement, old),
      ...lostConditions(statement, old),
    ]),
  ]
}

function allowing(policy: JsonObject): readonly JsonObject[] {
  return statementsOf(policy).filter(({ Effect }) => Effect !== 'Deny')
}

function unbounded({ Action, NotAction, NotResource }: JsonObject, old: readonly JsonObject[]): readonly string[] {
  const wide = toList(Action).filter((action) => String(action).includes('*') && !has(old, 'Action', String(action)))
  return [
    ...(wide.length > 0 ? [`it allows ${wide.join(', ')}`] : []),
    ...(NotAction === undefined ? [] : ['it allows all actions but some (NotAction)']),
    ...(NotResource === undefined ? [] : ['it allows all resources but some (NotResource)']),
  ]
}

function everywhere({ Action, Resource }: JsonObject, old: readonly JsonObject[]): readonly string[] {
  const actions = toList(Action).map(String)
  const isNew = toList(Resource).includes('*') && !hasEverywhere(old, actions)
  return isNew ? [`it allows ${actions.join(', ')} on every resource`] : []
}

/** The same actions on the same resources, with fewer conditions than before. */
function lostConditions(statement: JsonObject, old: readonly JsonObject[]): readonly string[] {
  const { Condition: now, Sid: _, ...rest } = statement
  if (now !== undefined) return []
  const key = canonicalStatement(rest)
  const hadConditions = old.some(({ Condition, Sid: __, ...others }) => {
    return Condition !== undefined && canonicalStatement(others) === key
  })
  return hadConditions ? ['a condition goes away'] : []
}

function has(statements: readonly JsonObject[], element: string, value: string): boolean {
  return statements.some((statement) => statement.Effect === 'Allow' && toList(statement[element]).includes(value))
}

function hasEverywhere(old: readonly JsonObject[], actions: readonly string[]): boolean {
  return old.some(
    ({ Effect, Resource, Action }) =>
      Effect === 'Allow' &&
      toList(Resource).includes('*') &&
      actions.every((action) => toList(Action).includes(action)),
  )
}
