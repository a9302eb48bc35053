import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { checkRoleArn } from '../iam/role-arn.ts'
import { type Glob, parseGlob } from './glob.ts'

/**
 * A role ARN, or a pattern of role ARNs. Without a wildcard it must be an ARN that somebody could hold, for whoever is
 * told that nobody holds a role takes that for an answer.
 *
 * @throws AdminError INVALID_ROLE_ARN
 */
export function parseRoleGlob(text: string): Glob {
  const glob = parseGlob(text)
  if (!glob.isLiteral) return glob
  const check = checkRoleArn(text)
  if ('arn' in check) return glob
  const hint = check.hint === undefined ? '' : `\n${check.hint}`
  throw new AdminError('INVALID_ROLE_ARN', `the role ARN ${check.problem}: ${quote(text)}${hint}`, {
    details: { seen: text, problem: check.problem },
  })
}
