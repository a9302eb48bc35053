import { isExpired } from '../assignments/assignment.ts'
import type { AssignmentReader, UserRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'
import { defaultSessionName } from './default-session-name.ts'

/** Whose session with which role, under the name that CloudTrail will show. */
export interface ChosenRole {
  readonly username: Username
  readonly roleArn: RoleArn
  readonly roleSessionName: RoleSessionName
  /** The `sub` claim of the last login; `null` before the first. */
  readonly subject: string | null
}

export interface RoleRequest {
  readonly username: Username
  /** `null`: the only one that there is. */
  readonly roleArn: RoleArn | null
  readonly now: Instant
  /** The command that asks, to be repeated with a role. */
  readonly command: 'env' | 'credentials'
}

/**
 * The role that a session gets: assigned to the person, and that at this moment.
 *
 * @throws AdminError NOT_FOUND_ASSIGNMENT, REFUSED_NOT_ASSIGNED; REFUSED_ROLE_CHOICE where several could be meant
 */
export async function chooseRole(store: AssignmentReader, request: RoleRequest): Promise<ChosenRole> {
  const user = await store.findUser(request.username)
  if (user === null) throw await unknownPerson(store, request)
  const roleArn = chooseAmong(rolesOf(user, request), request)
  const { username } = request
  const roleSessionName = user.login?.roleSessionName ?? defaultSessionName(username)
  return { username, roleArn, roleSessionName, subject: user.login?.subject ?? null }
}

/** Whether the person may use the role at that moment. */
export function holdsRole(user: UserRecord | null, roleArn: string, now: Instant): boolean {
  const assignment = user?.assignment ?? null
  return assignment !== null && !isExpired(assignment, now) && assignment.roleArns.some((arn) => arn === roleArn)
}

/** To assign roles to a name that is mistyped would make a second person of it. */
async function unknownPerson(store: AssignmentReader, request: RoleRequest): Promise<AdminError> {
  const { nearUsernames } = await import('../assignments/near-usernames.ts')
  const { username, roleArn, command } = request
  const near = await nearUsernames(store, username)
  const question = near.length === 0 ? '' : `; did you mean ${near.map(quote).join(' or ')}?`
  const role = roleArn === null ? '' : ` --role ${shellQuote(roleArn)}`
  const commands = near.map((name) => `admin session ${command} ${shellQuote(name)}${role}`)
  return withoutRoles(request, `nobody is known by the name ${quote(username)}${question}`, commands)
}

function rolesOf({ assignment }: UserRecord, request: RoleRequest): readonly RoleArn[] {
  const { username, now } = request
  if (assignment === null || assignment.roleArns.length === 0)
    throw withoutRoles(request, `${quote(username)} has no AWS roles`)
  if (!isExpired(assignment, now)) return assignment.roleArns
  throw new AdminError(
    'REFUSED_NOT_ASSIGNED',
    `the AWS roles of ${quote(username)} were assigned until ${assignment.expiresAt}, and now it is ${now}`,
    { details: { username, expiredAt: assignment.expiresAt }, suggestions: [assignCommand(username)] },
  )
}

function chooseAmong(roleArns: readonly RoleArn[], { username, roleArn, command }: RoleRequest): RoleArn {
  const [first, ...others] = roleArns
  if (roleArn === null && first !== undefined && others.length === 0) return first
  if (roleArn !== null && roleArns.includes(roleArn)) return roleArn
  const details = { username, roleArns, ...(roleArn !== null && { wanted: roleArn }) }
  const suggestions = roleArns.map(
    (arn) => `admin session ${command} ${shellQuote(username)} --role ${shellQuote(arn)}`,
  )
  const list = roleArns.map((arn) => `  ${arn}`).join('\n')
  if (roleArn !== null) {
    const message = `the role ${roleArn} is not assigned to ${quote(username)}, who may use:\n${list}`
    throw new AdminError('REFUSED_NOT_ASSIGNED', message, { details, suggestions })
  }
  const message = `${quote(username)} may use ${roleArns.length} AWS roles; say with --role which one:\n${list}`
  throw new AdminError('REFUSED_ROLE_CHOICE', message, { details, suggestions })
}

/** Whoever names a role is refused it, as somebody who has others would be. */
function withoutRoles({ username, roleArn }: RoleRequest, problem: string, near: readonly string[] = []): AdminError {
  const suggestions = [...near, assignCommand(username)]
  if (roleArn === null) return new AdminError('NOT_FOUND_ASSIGNMENT', problem, { details: { username }, suggestions })
  const message = `the role ${roleArn} is not assigned to ${quote(username)}: ${problem}`
  return new AdminError('REFUSED_NOT_ASSIGNED', message, { details: { username, wanted: roleArn }, suggestions })
}

function assignCommand(username: Username): string {
  return `admin set-aws-role-arns ${shellQuote(username)} ARN`
}
