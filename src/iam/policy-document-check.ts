import { isJsonObject, type JsonObject, kindOfValue } from './json-object.ts'
import { characterProblems, isSid, statementProblems } from './policy-statement-check.ts'
import { quote } from './quote.ts'

const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17']
const ELEMENTS: readonly string[] = ['Version', 'Id', 'Statement']

/**
 * What IAM would refuse in an identity policy that somebody wrote, or would take and never act on; empty where nothing is
 * found. Each problem names its statement, by its Sid or its place (IAM user guide, "IAM JSON policy element reference").
 */
export function identityPolicyProblems(value: unknown): readonly string[] {
  if (!isJsonObject(value)) return [`the policy is ${kindOfValue(value)}, expected an object`]
  const { Statement, ...others } = value
  const statements: readonly unknown[] = Array.isArray(Statement)
    ? Statement
    : Statement === undefined
      ? []
      : [Statement]
  return [
    ...[...documentProblems(others), ...characterProblems(others)].map((words) => `the policy ${words}`),
    ...(statements.length === 0 ? ['the policy has no Statement'] : []),
    ...statements.flatMap((statement, index) => problemsOf(statement, nameOf(statements, index))),
    ...repeatedSids(statements),
  ]
}

function documentProblems(policy: JsonObject): readonly string[] {
  const { Version } = policy
  const expected = 'expected "2012-10-17"'
  const unknown = Object.keys(policy).filter((name) => !ELEMENTS.includes(name))
  return [
    ...unknown.map((name) => `has the unknown element ${quote(name)}, expected ${ELEMENTS.join(', ')}`),
    ...(Version === undefined ? [`has no Version, ${expected}`] : []),
    ...(Version !== undefined && !VERSIONS.includes(Version)
      ? [`has the Version ${quote(String(Version))}, ${expected}`]
      : []),
  ]
}

function problemsOf(statement: unknown, name: string): readonly string[] {
  if (!isJsonObject(statement)) return [`${name} is ${kindOfValue(statement)}, expected an object`]
  return statementProblems(statement).map((words) => `${name} ${words}`)
}

function nameOf(statements: readonly unknown[], index: number): string {
  const sid = sidOf(statements[index])
  const isAlone = sid !== null && statements.filter((other) => sidOf(other) === sid).length === 1
  return `statement ${isAlone ? quote(sid) : index + 1}`
}

function repeatedSids(statements: readonly unknown[]): readonly string[] {
  const sids = statements.map(sidOf)
  return sids.flatMap((sid, index) => {
    const first = sids.indexOf(sid)
    if (sid === null || first === index) return []
    return [`statement ${index + 1} has the Sid ${quote(sid)} of statement ${first + 1}, expected one of its own`]
  })
}

/** The Sid as far as it can name the statement. */
function sidOf(statement: unknown): string | null {
  const sid = isJsonObject(statement) ? statement.Sid : undefined
  return isSid(sid) && sid !== '' ? sid : null
}
