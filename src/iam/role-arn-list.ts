import { AdminError, type ErrorCode } from '../errors.ts'
import { quote } from './quote.ts'
import { checkRoleArn, type RoleArn, type RoleArnProblem, roleArnParts } from './role-arn.ts'

/** Of one user. */
export const MOST_ROLES = 100
const LONGEST_SEEN = 200
/** As long as a whole ARN with words around it. */
const LONGEST_HINT = 800

export interface RoleArnList {
  readonly roleArns: readonly RoleArn[]
  /** The ARNs that were given more than once; they count once, at their first place. */
  readonly duplicates: readonly RoleArn[]
}

/** One refused element. `position` counts from 1. */
interface BadElement extends RoleArnProblem {
  readonly position: number
  readonly seen: string
}

/**
 * Reads a comma-separated list as `set-aws-role-arns` takes it.
 *
 * @throws AdminError as {@link parseRoleArns}
 */
export function parseRoleArnList(text: string): RoleArnList {
  return parseRoleArns(text.split(','))
}

/**
 * All or nothing: every bad element is reported with its position, and one is enough to refuse the list.
 *
 * @throws AdminError INVALID_ROLE_ARN, or `code` where the list came from elsewhere than the command line
 */
export function parseRoleArns(elements: readonly string[], code: ErrorCode = 'INVALID_ROLE_ARN'): RoleArnList {
  if (elements.length > MOST_ROLES) {
    throw new AdminError(code, `${elements.length} role ARNs, at most ${MOST_ROLES} are allowed for one user`)
  }
  const roleArns = new Set<RoleArn>()
  const duplicates = new Set<RoleArn>()
  const bad: BadElement[] = []
  for (const [index, element] of elements.entries()) {
    const seen = element.trim()
    const check = checkRoleArn(seen)
    if (!('arn' in check)) bad.push(shorten({ position: index + 1, seen, ...check }))
    else if (roleArns.has(check.arn)) duplicates.add(check.arn)
    else roleArns.add(check.arn)
  }
  if (bad.length > 0) throw new AdminError(code, describe(bad, elements.length), { details: { elements: bad } })
  refuseMixedPartitions([...roleArns], code)
  return { roleArns: [...roleArns], duplicates: [...duplicates] }
}

/** Claims may be of any length, and what is refused is repeated on screens and in the audit log. */
function shorten({ position, seen, problem, hint }: BadElement): BadElement {
  return {
    position,
    seen: seen.slice(0, LONGEST_SEEN),
    problem: problem.slice(0, LONGEST_HINT),
    ...(hint !== undefined && { hint: hint.slice(0, LONGEST_HINT) }),
  }
}

function describe(bad: readonly BadElement[], total: number): string {
  return bad
    .flatMap(({ position, seen, problem, hint }) => [
      `role ARN ${position} of ${total} ${problem}${seen === '' ? '' : `: ${quote(seen)}`}`,
      ...(hint === undefined ? [] : [hint]),
    ])
    .join('\n')
}

/** No principal of one partition can assume a role of another (IAM user guide, "IAM identifiers"). */
function refuseMixedPartitions(roleArns: readonly RoleArn[], code: ErrorCode): void {
  const partitions = roleArns.map((arn) => roleArnParts(arn).partition)
  const odd = partitions.findIndex((partition) => partition !== partitions[0])
  if (odd === -1) return
  throw new AdminError(
    code,
    `role ARN ${odd + 1} of ${roleArns.length} is in partition ${partitions[odd]}, the first is in ${partitions[0]}: ${quote(roleArns[odd] ?? '')}\none identity cannot cross partitions; give a user roles of one partition only`,
    { details: { elements: [{ position: odd + 1, seen: roleArns[odd], problem: 'is in another partition' }] } },
  )
}
