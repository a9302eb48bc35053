import { quote } from '../iam/quote.ts'
import { parseSubjects, type Subject } from '../iam/subject.ts'
import { type AssignedUser, type AssignedUsers, MOST_ASSIGNED_USERS, nameUsers } from './assigned-users.ts'
import type { AwsAccount } from './aws-port.ts'
import { roleArn } from './resources/role.ts'
import type { SpecRole } from './spec/spec.ts'

export interface RoleSubjects {
  readonly subjects: 'any' | readonly Subject[]
  readonly warnings: readonly string[]
}

/** Whom the role shall trust; `assigned` asks the store, and nobody assigned is nobody, not everybody. */
export async function roleSubjects(
  { identity }: AwsAccount,
  { name, path, subjects }: SpecRole,
  assignedUsers: AssignedUsers,
): Promise<RoleSubjects> {
  if (subjects !== 'assigned') return { subjects, warnings: [] }
  const arn = roleArn(identity, path, name)
  const users = await assignedUsers(arn)
  const strangers = users.filter(({ subject }) => subject === null)
  return { subjects: subjectsOf(users), warnings: subjectWarnings(arn, users, strangers) }
}

/** In one order, whatever that of the users: a trust policy must not change because a name did. */
function subjectsOf(users: readonly AssignedUser[]): readonly Subject[] {
  return parseSubjects([...new Set(users.flatMap(({ subject }) => subject ?? []))].sort())
}

function subjectWarnings(
  arn: string,
  users: readonly AssignedUser[],
  strangers: readonly AssignedUser[],
): readonly string[] {
  if (users.length === 0)
    return [`nobody is assigned to ${quote(arn)}, so it trusts nobody until somebody is and apply is run again`]
  const most = MOST_ASSIGNED_USERS
  return [
    ...(users.length >= most
      ? [`${most} people or more are assigned to ${quote(arn)}: only the first ${most} count`]
      : []),
    ...(strangers.length > 0
      ? [
          `${quote(arn)} does not trust ${nameUsers(strangers)}: assigned, but their subject is known only after an SSO login`,
        ]
      : []),
  ]
}
