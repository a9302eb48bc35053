import chalk from 'chalk'
import { isJsonObject, type JsonObject } from '../iam/json-object.ts'
import { escapeControls } from '../iam/quote.ts'
import { canonicalStatement, statementsOf, toList } from '../provisioning/policy-document.ts'

/** What becomes of a policy, statement by statement; spelling that makes no difference is not shown. */
export function describePolicyChange(before: unknown, after: unknown): readonly string[] {
  if (before !== null && !isJsonObject(before))
    return [`- ${escapeControls(String(before))}`, ...describePolicyChange(null, after)]
  const [old, next] = [statementsIn(before), statementsIn(after)]
  const [gone, kept] = [old.filter((one) => !has(next, one)), old.filter((one) => has(next, one))]
  const added = next.filter((one) => !has(old, one))
  return [
    ...kept.flatMap((one) => describeStatement('=', one)),
    ...gone.flatMap((one) => describeStatement('-', one)).map((line) => chalk.red(line)),
    ...added.flatMap((one) => describeStatement('+', one)).map((line) => chalk.green(line)),
  ]
}

function statementsIn(policy: unknown): readonly JsonObject[] {
  return isJsonObject(policy) ? statementsOf(policy) : []
}

function has(statements: readonly JsonObject[], statement: JsonObject): boolean {
  return statements.some((other) => canonicalStatement(other) === canonicalStatement(statement))
}

function describeStatement(sign: string, statement: JsonObject): readonly string[] {
  const { Effect: effect, Action: actions, Condition: conditions, ...others } = statement
  return [
    `${sign} ${String(effect)} ${list(actions)}`,
    ...Object.entries(others).flatMap(([element, value]) => describeElement(element, value)),
    ...describeConditions(conditions),
  ]
    .map((line, index) => (index === 0 ? line : `    ${line}`))
    .map(escapeControls)
}

function describeElement(element: string, value: unknown): readonly string[] {
  if (!isJsonObject(value)) return [`${element}: ${list(value)}`]
  return Object.entries(value).map(([kind, values]) => `${element} ${kind}: ${list(values)}`)
}

function describeConditions(conditions: unknown): readonly string[] {
  if (!isJsonObject(conditions)) return []
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(isJsonObject(keys) ? keys : {}).map(([key, values]) => `${operator} ${key}: ${list(values)}`),
  )
}

function list(value: unknown): string {
  return toList(value)
    .map((element) => (typeof element === 'string' ? element : JSON.stringify(element)))
    .join(', ')
}
