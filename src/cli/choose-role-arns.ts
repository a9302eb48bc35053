import type { AssignmentReader } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { parseRoleArns } from '../iam/role-arn-list.ts'
import type { GlobalFlags } from './base-command.ts'
import { canPrompt, chooseSeveral } from './prompts.ts'

/**
 * Lets a person at a terminal tick among the roles that the store has seen, those of the user already ticked.
 *
 * @throws AdminError USAGE_ARGUMENT where nobody can be asked or there is nothing to offer
 */
export async function chooseRoleArns(
  store: AssignmentReader,
  username: Username,
  flags: GlobalFlags,
): Promise<readonly RoleArn[]> {
  const usage = { suggestions: [`admin set-aws-role-arns ${shellQuote(username)} ARN[,ARN…]`] }
  if (!canPrompt(flags))
    throw new AdminError('USAGE_ARGUMENT', 'missing the role ARNs, and there is no terminal to choose them on', usage)
  const known = await store.knownRoles()
  if (known.length === 0)
    throw new AdminError('USAGE_ARGUMENT', 'missing the role ARNs, and none are known yet to choose from', usage)
  const current = (await store.findUser(username))?.assignment?.roleArns ?? []
  const ordered = [...current, ...known.filter((arn) => !current.includes(arn))]
  const chosen = await chooseSeveral(
    `Which AWS roles may ${quote(username)} use?`,
    ordered.map((value) => ({ value, checked: current.includes(value) })),
  )
  return parseRoleArns(chosen).roleArns
}
