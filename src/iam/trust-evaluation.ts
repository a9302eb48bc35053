import { isJsonObject, type JsonObject, ownValue } from './json-object.ts'

/** A condition of a trust policy beside what the token would bring. */
export interface JudgedCondition {
  /** As `StringEquals`. */
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  /** Empty where the request has no such key. */
  readonly got: readonly string[]
  /** `null` for an operator that is not judged here. */
  readonly holds: boolean | null
}

/** A statement of a trust policy as AWS would read it for this token. */
export interface JudgedStatement {
  readonly effect: string
  readonly sid: string | null
  /** Whether the action is `sts:AssumeRoleWithWebIdentity`, or has it among others. */
  readonly isAction: boolean
  /** Whether the principal is the provider of the token. */
  readonly isPrincipal: boolean
  readonly actions: readonly string[]
  readonly principals: readonly string[]
  readonly conditions: readonly JudgedCondition[]
}

export interface WebIdentityFacts {
  /** What a trust policy names under `Federated`. */
  readonly principal: string
  /** The issuer without `https://`. */
  readonly providerId: string
  readonly claims: JsonObject
  readonly roleSessionName: string
}

const ACTION = 'sts:AssumeRoleWithWebIdentity'

/**
 * Reads a trust policy for a token: which statement would let it in, and what keeps it out. For explanations only: AWS
 * decides. `null` where that is no policy.
 */
export function judgeTrustPolicy(document: string, facts: WebIdentityFacts): readonly JudgedStatement[] | null {
  const policy = parsePolicy(document)
  if (policy === null) return null
  const keys = requestKeys(facts)
  return listOf(ownValue(policy, 'Statement'))
    .filter(isJsonObject)
    .map((statement) => judgeStatement(statement, facts, keys))
}

/**
 * What a trust policy can see of a token, by condition keys in lower case: their names do not heed case, their values do
 * (IAM user guide, "IAM JSON policy elements: Condition", "Available keys for AWS OIDC federation": `aud` is the claim
 * `azp` where there is one).
 */
function requestKeys({
  providerId,
  claims,
  roleSessionName,
}: WebIdentityFacts): ReadonlyMap<string, readonly string[]> {
  const [aud, azp, sub, amr, email] = ['aud', 'azp', 'sub', 'amr', 'email'].map((name) => texts(ownValue(claims, name)))
  const all: readonly (readonly [string, readonly string[]])[] = [
    [`${providerId}:aud`, azp?.length ? azp : (aud ?? [])],
    [`${providerId}:oaud`, aud ?? []],
    [`${providerId}:sub`, sub ?? []],
    [`${providerId}:amr`, amr ?? []],
    [`${providerId}:email`, email ?? []],
    ['sts:RoleSessionName', [roleSessionName]],
  ]
  return new Map(all.map(([key, values]) => [key.toLowerCase(), values]))
}

function judgeStatement(
  statement: JsonObject,
  { principal }: WebIdentityFacts,
  keys: ReadonlyMap<string, readonly string[]>,
): JudgedStatement {
  const actions = texts(ownValue(statement, 'Action'))
  const principals = principalsOf(ownValue(statement, 'Principal'))
  const conditions = ownValue(statement, 'Condition')
  return {
    effect: String(ownValue(statement, 'Effect') ?? ''),
    sid: typeof statement.Sid === 'string' ? statement.Sid : null,
    isAction: actions.some((action) => isLike(action.toLowerCase(), ACTION.toLowerCase())),
    isPrincipal: principals.some((one) => one === principal || one === '*'),
    actions,
    principals,
    conditions: isJsonObject(conditions)
      ? Object.entries(conditions).flatMap(([operator, block]) => judgeBlock(operator, block, keys))
      : [],
  }
}

function principalsOf(principal: unknown): readonly string[] {
  if (!isJsonObject(principal)) return texts(principal)
  return texts(ownValue(principal, 'Federated'))
}

function judgeBlock(
  operator: string,
  block: unknown,
  keys: ReadonlyMap<string, readonly string[]>,
): readonly JudgedCondition[] {
  if (!isJsonObject(block)) return []
  return Object.entries(block).map(([key, value]) => {
    const wanted = texts(value)
    const got = keys.get(key.toLowerCase()) ?? []
    return { operator, key, wanted, got, holds: judge(operator, wanted, got) }
  })
}

type Matches = (wanted: string, got: string) => boolean

const OPERATORS: Readonly<Record<string, Matches>> = {
  stringequals: (wanted, got) => wanted === got,
  stringequalsignorecase: (wanted, got) => wanted.toLowerCase() === got.toLowerCase(),
  stringlike: isLike,
  arnequals: isLike,
  arnlike: isLike,
}

const OPERATOR =
  /^(?:(?<quantifier>forallvalues|foranyvalue):)?(?<type>string|arn)(?<not>not)?(?<test>\w+?)(?<ifExists>ifexists)?$/

/** A key that the request does not have fails every positive test, unless the operator says `IfExists` or is negated. */
function judge(operator: string, wanted: readonly string[], got: readonly string[]): boolean | null {
  const { quantifier, type, not, test, ifExists } = OPERATOR.exec(operator.toLowerCase())?.groups ?? {}
  const matches = OPERATORS[`${type}${test}`]
  if (matches === undefined) return null
  const isNegated = not !== undefined
  if (got.length === 0) return ifExists !== undefined || isNegated || quantifier === 'forallvalues'
  const isMatch = (value: string) => wanted.some((one) => matches(one, value)) !== isNegated
  return quantifier === 'foranyvalue' || quantifier === undefined ? got.some(isMatch) : got.every(isMatch)
}

/** `*` and `?` as IAM has them. */
function isLike(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text)
}

/** AWS sends policies URL-encoded or not, by the call. */
function parsePolicy(document: string): JsonObject | null {
  try {
    const policy: unknown = JSON.parse(document.trimStart().startsWith('%') ? decodeURIComponent(document) : document)
    return isJsonObject(policy) ? policy : null
  } catch {
    return null
  }
}

function texts(value: unknown): readonly string[] {
  return listOf(value)
    .filter((one) => ['string', 'number', 'boolean'].includes(typeof one))
    .map(String)
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
