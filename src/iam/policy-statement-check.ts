import { isJsonObject, type JsonObject, kindOfValue } from './json-object.ts'
import { rdsConnectProblems, resourceProblem } from './policy-resource-check.ts'
import { quote } from './quote.ts'

const ELEMENTS: readonly string[] = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']
const TRUSTEES: readonly string[] = ['Principal', 'NotPrincipal']

/** What is wrong with one statement of an identity policy, in words that continue "the statement …". */
export function statementProblems(statement: JsonObject): readonly string[] {
  return [
    ...Object.keys(statement).flatMap(elementProblem),
    ...sidProblems(statement.Sid),
    ...(statement.Effect === 'Allow' || statement.Effect === 'Deny' ? [] : [effectProblem(statement.Effect)]),
    ...alternativeProblems(statement, 'Action', actionProblem),
    ...alternativeProblems(statement, 'Resource', resourceProblem),
    ...conditionProblems(statement.Condition),
    ...rdsConnectProblems(textsOf(statement.Action) ?? [], textsOf(statement.Resource) ?? []),
    ...characterProblems(statement),
  ]
}

/** IAM user guide, "IAM JSON policy elements: Sid". */
export function isSid(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9]*$/.test(value)
}

/** What the text of a policy may not hold: IAM takes Latin-1 only (IAM API reference, PutRolePolicy, PolicyDocument). */
export function characterProblems(part: JsonObject): readonly string[] {
  const strange = JSON.stringify(part).match(/[^\u0020-\u00FF]/gu) ?? []
  return [...new Set(strange)].map((character) => {
    const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
    return `contains ${quote(character)} (U+${code}), IAM allows U+0020 to U+00FF`
  })
}

function elementProblem(name: string): readonly string[] {
  if (ELEMENTS.includes(name)) return []
  if (TRUSTEES.includes(name)) {
    return [
      `has a ${name}, which only policies of resources and trust policies may have; whoever has the role is meant`,
    ]
  }
  return [`has the unknown element ${quote(name)}, expected ${ELEMENTS.join(', ')}`]
}

function sidProblems(sid: unknown): readonly string[] {
  if (sid === undefined || isSid(sid)) return []
  return [`has the Sid ${shown(sid)}, expected ASCII letters and digits only`]
}

function effectProblem(effect: unknown): string {
  return effect === undefined
    ? 'has no Effect, expected Allow or Deny'
    : `has the Effect ${shown(effect)}, expected Allow or Deny`
}

/** Either the element or its `Not` form, never both and never neither. */
function alternativeProblems(
  statement: JsonObject,
  element: 'Action' | 'Resource',
  problemOf: (text: string) => string | null,
): readonly string[] {
  const [name, other] = [element, `Not${element}`].filter((key) => statement[key] !== undefined)
  if (name === undefined) return [`has no ${element}`]
  if (other !== undefined) return [`has both ${name} and ${other}, expected one of them`]
  const texts = textsOf(statement[name])
  if (texts === null) return [`has the ${name} ${shown(statement[name])}, expected a string or a list of strings`]
  return texts.flatMap((text) => {
    const problem = problemOf(text)
    return problem === null ? [] : [`has the ${name} ${quote(text)}: ${problem}`]
  })
}

/** IAM user guide, "IAM JSON policy elements: Action". */
function actionProblem(action: string): string | null {
  return /^(\*|\*:\*|[A-Za-z0-9-]+:[\w*?-]+)$/.test(action) ? null : 'expected SERVICE:ACTION, as s3:GetObject, or "*"'
}

function conditionProblems(condition: unknown): readonly string[] {
  if (condition === undefined) return []
  if (!isJsonObject(condition)) return [`has the Condition ${shown(condition)}, expected an object`]
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isJsonObject(keys)
      ? []
      : [`has the Condition ${quote(operator)} with ${shown(keys)}, expected an object of condition keys`],
  )
}

/** The texts of an element that is a string or a list of strings; `null` if it is neither, or an empty list. */
function textsOf(value: unknown): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((element) => typeof element === 'string')
  return texts.length === list.length && list.length > 0 ? texts : null
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quote(value) : kindOfValue(value)
}
