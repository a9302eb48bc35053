import { quote } from '../../iam/quote.ts'
import { checkRoleArn, type RoleArn } from '../../iam/role-arn.ts'
import { detached } from './lines.ts'

export type CheckedRoleArn = { readonly arn: RoleArn } | { readonly reason: string }

const MOST_REMEMBERED = 20_000

/**
 * Checks role ARNs and remembers the answers: a file names the same roles again and again. Each ARN is one text in
 * memory, however often it is met.
 */
export function roleArnChecks(): (text: string) => CheckedRoleArn {
  const remembered = new Map<string, CheckedRoleArn>()
  return (text) => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    if (remembered.size === MOST_REMEMBERED) remembered.clear()
    const own = detached(text)
    const checked = check(own.trim())
    remembered.set(own, checked)
    return checked
  }
}

function check(seen: string): CheckedRoleArn {
  const checked = checkRoleArn(seen)
  if ('arn' in checked) return { arn: checked.arn }
  const { problem, hint } = checked
  const shown = seen === '' ? '' : `: ${quote(seen)}`
  return { reason: `role ARN ${problem}${shown}${hint === undefined ? '' : `; ${hint.slice(0, LONGEST_HINT)}`}` }
}

/** What is refused is listed line by line. */
const LONGEST_HINT = 300

/** Why the role cannot stand in one list with the first of it; `null` if it can. */
export function crossing(first: RoleArn | undefined, arn: RoleArn): string | null {
  const [seen, expected] = [partitionOf(arn), partitionOf(first ?? arn)]
  if (seen === expected) return null
  return `role ARN is in partition ${seen}, the first of this user is in ${expected}: ${quote(arn)}; one identity cannot cross partitions`
}

/** What stands between the first two colons of an ARN that was checked. */
function partitionOf(arn: RoleArn): string {
  return arn.slice('arn:'.length, arn.indexOf(':', 'arn:'.length))
}
