import type { AssignmentReader } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { parseRoleArns } from '../iam/role-arn-list.ts'
import type { GlobalFlags } from './base-command.ts'
import { canPrompt, chooseSeveral } from './prompts.ts'

/**
 * A list of role ARNs that is missing can be asked for only where there is somebody to ask.
 *
 * @throws AdminError USAGE_ARGUMENT
 */
export function refuseWithoutTerminal(username: Username, flags: GlobalFlags): void {
  if (!canPrompt(flags)) throw missing(username, 'there is no terminal to choose them on')
}

/**
 * Lets a person at a terminal tick among the roles that the store has seen, those of the user first and ticked.
 *
 * @throws AdminError USAGE_ARGUMENT where there is nothing to offer, REFUSED_DECLINED
 */
export async function chooseRoleArns(store: AssignmentReader, username: Username): Promise<readonly RoleArn[]> {
  const known = await store.knownRoles()
  if (known.length === 0) throw missing(username, 'none are known yet to choose from')
  const current = (await store.findUser(username))?.assignment?.roleArns ?? []
  const ordered = [...current, ...known.filter((arn) => !current.includes(arn))]
  const chosen = await chooseSeveral(
    `Which AWS roles may ${quote(username)} use?`,
    ordered.map((value) => ({ value, checked: current.includes(value) })),
  )
  return parseRoleArns(chosen).roleArns
}

function missing(username: Username, why: string): AdminError {
  const suggestions = [`admin set-aws-role-arns ${shellQuote(username)} ARN[,ARN…]`]
  return new AdminError('USAGE_ARGUMENT', `missing the role ARNs, and ${why}`, { suggestions })
}
