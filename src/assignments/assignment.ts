import type { Instant } from '../clock.ts'
import type { RoleArn } from '../iam/role-arn.ts'

export type AssignmentSource = 'cli' | 'sso'

/** The ordered role ARNs of one user, and who says so. A user has at most one. */
export type Assignment = CliAssignment | SsoAssignment

export interface CliAssignment {
  readonly source: 'cli'
  readonly roleArns: readonly RoleArn[]
  /** From this moment on the assignment counts for nothing; `null` is never. */
  readonly expiresAt: Instant | null
}

export interface SsoAssignment {
  readonly source: 'sso'
  /** May be empty: the identity provider says that this person has no role. */
  readonly roleArns: readonly RoleArn[]
  readonly expiresAt: null
}

/** An assignment as it stands in the store. */
export type StoredAssignment = Assignment & {
  readonly setAt: Instant
  readonly setBy: string
}

/** What results show of an assignment that was replaced or removed. */
export interface PreviousAssignment {
  readonly source: AssignmentSource
  readonly roleArns: readonly RoleArn[]
}

export function isExpired(assignment: Assignment, now: Instant): boolean {
  return assignment.expiresAt !== null && assignment.expiresAt <= now
}

export function toPrevious(assignment: Assignment | null): PreviousAssignment | null {
  return assignment === null ? null : { source: assignment.source, roleArns: assignment.roleArns }
}
