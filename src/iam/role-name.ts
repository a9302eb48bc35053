import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

declare const roleName: unique symbol
declare const rolePath: unique symbol

/** The name of an IAM role that we may make. */
export type RoleName = string & { readonly [roleName]: true }

/** Where a role stands: begins and ends with a slash. */
export type RolePath = string & { readonly [rolePath]: true }

/**
 * Rules: IAM API reference, CreateRole. Narrower in one point: no comma, because lists of role ARNs are joined by commas.
 *
 * @throws AdminError INVALID_ROLE
 */
export function parseRoleName(text: string): RoleName {
  const problem = nameProblem(text)
  if (problem !== null) throw new AdminError('INVALID_ROLE', `${quote(text)} is not a role name: ${problem}`)
  return text as RoleName
}

/**
 * Rules as for {@link parseRoleName}.
 *
 * @throws AdminError INVALID_ROLE
 */
export function parseRolePath(text: string): RolePath {
  const problem = pathProblem(text)
  if (problem !== null) throw new AdminError('INVALID_ROLE', `${quote(text)} is not a role path: ${problem}`)
  return text as RolePath
}

function nameProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (text.startsWith('arn:')) return 'it is an ARN; expected the name alone'
  if (text.includes('/')) return 'it contains a slash; the path goes into --path (in a spec: path)'
  if (text.length > 64) return `it has ${text.length} characters, IAM allows 64`
  if (text.includes(',')) return 'it contains a comma, which separates roles in a list'
  if (!/^[\w+=.@-]+$/.test(text)) return 'expected letters, digits and _+=.@-'
  if (/^AWSServiceRoleFor/i.test(text)) return 'AWSServiceRoleFor… is the name of service-linked roles'
  if (/^AWSReservedSSO_/i.test(text)) return 'AWSReservedSSO_… belongs to IAM Identity Center'
  return null
}

function pathProblem(text: string): string | null {
  if (!text.startsWith('/') || !text.endsWith('/')) return 'it must begin and end with a slash, as /workbench/'
  if (text.length > 512) return `it has ${text.length} characters, IAM allows 512`
  if (text.includes('//')) return 'it has an empty part between two slashes'
  if (text.includes(',')) return 'it contains a comma, which separates roles in a list'
  if (!/^[\x21-\x7E]+$/.test(text)) return 'expected visible ASCII characters only'
  if (/[*?$]/.test(text)) return 'it has a wildcard, which policies about the role would take for one'
  if (/^\/aws-(service-role|reserved)\//i.test(text)) return 'that path belongs to AWS'
  return null
}
