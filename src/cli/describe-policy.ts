import chalk from 'chalk'
import { escapeControls } from '../iam/quote.ts'
import { canonicalStatement, isObject, type JsonObject, statementsOf, toList } from '../provisioning/policy-document.ts'

/** What becomes of a policy, statement by statement; spelling that makes no difference is not shown. */
export function describePolicyChange(before: unknown, after: unknown): readonly string[] {
  if (before !== null && !isObject(before))
    return [`- ${escapeControls(String(before))}`, ...describePolicyChange(null, after)]
  const [old, next] = [statementsIn(before), statementsIn(after)]
  return [
    ...old
      .filter((statement) => !has(next, statement))
      .flatMap((statement) => describeStatement('-', statement).map(chalk.red)),
    ...next.flatMap((statement) =>
      has(old, statement) ? describeStatement('=', statement) : describeStatement('+', statement).map(chalk.green),
    ),
  ]
}

function statementsIn(policy: unknown): readonly JsonObject[] {
  return isObject(policy) ? statementsOf(policy) : []
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
  if (!isObject(value)) return [`${element}: ${list(value)}`]
  return Object.entries(value).map(([kind, values]) => `${element} ${kind}: ${list(values)}`)
}

function describeConditions(conditions: unknown): readonly string[] {
  if (!isObject(conditions)) return []
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => `${operator} ${key}: ${list(values)}`),
  )
}

function list(value: unknown): string {
  return toList(value)
    .map((element) => (typeof element === 'string' ? element : JSON.stringify(element)))
    .join(', ')
}
