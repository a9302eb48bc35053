import { isJsonObject, type JsonObject } from '../iam/json-object.ts'
import { canonicalStatement, statementsOf, toList } from './policy-document.ts'

/** One test of a statement: all of them must hold, each for any of its values. */
interface Condition {
  readonly name: string
  readonly values: ReadonlySet<string>
}

/**
 * Whom a new trust policy lets in that the old one kept out, in words that continue "this lets in more people: …".
 * Careful in the right direction: what cannot be compared counts as wider.
 */
export function trustWidening(before: JsonObject | null, after: JsonObject): readonly string[] {
  const old = before === null ? [] : statementsOf(before)
  const kept = new Set(statementsOf(after).map(canonicalStatement))
  const lostDenials = old.filter((statement) => statement.Effect === 'Deny' && !kept.has(canonicalStatement(statement)))
  const allowed = old.filter(({ Effect }) => Effect === 'Allow')
  // Who lets in nobody lets in nobody more.
  if (statementsOf(after).every(({ Effect }) => Effect === 'Deny')) return []
  return [
    ...lostDenials.map(() => 'a Deny statement goes away'),
    ...statementsOf(after).flatMap((statement) => (statement.Effect === 'Deny' ? [] : wideningOf(allowed, statement))),
  ]
}

function wideningOf(old: readonly JsonObject[], statement: JsonObject): readonly string[] {
  const trusted = old.filter((other) => principalOf(other) === principalOf(statement))
  const peers = trusted.filter((other) => actionsOf(other) === actionsOf(statement))
  if (trusted.length === 0) return [`it now trusts ${principalNames(statement)}`]
  if (peers.length === 0) return [`${principalNames(statement)} may now do ${toList(statement.Action).join(', ')}`]
  const conditions = conditionsOf(statement)
  const widenings = peers.map((peer) => widerThan(conditionsOf(peer), conditions))
  return widenings.some((words) => words.length === 0) ? [] : (widenings[0] ?? [])
}

function widerThan(old: readonly Condition[], conditions: readonly Condition[]): readonly string[] {
  return old.flatMap(({ name, values }) => {
    const now = conditions.find((condition) => condition.name.toLowerCase() === name.toLowerCase())
    if (now === undefined) return [`it no longer asks for ${name}`]
    const added = [...now.values].filter((value) => !values.has(value))
    return added.length === 0 ? [] : [`${name} may now also be ${added.join(', ')}`]
  })
}

function conditionsOf({ Condition: block }: JsonObject): readonly Condition[] {
  if (!isJsonObject(block)) return []
  return Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(isJsonObject(keys) ? keys : {}).map(([key, values]) => ({
      name: `${operator} ${key}`,
      values: new Set(toList(values).map(String)),
    })),
  )
}

/** Of other actions nothing can be concluded, so only the same ones compare. */
function actionsOf({ Action, NotAction }: JsonObject): string {
  return canonicalStatement({ ...(Action !== undefined && { Action }), ...(NotAction !== undefined && { NotAction }) })
}

function principalOf({ Principal: principal }: JsonObject): string {
  return canonicalStatement({ Principal: principal })
}

function principalNames({ Principal: principal }: JsonObject): string {
  return isJsonObject(principal) ? Object.values(principal).flatMap(toList).join(', ') : String(principal)
}
