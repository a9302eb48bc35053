import { AdminError } from '../errors.ts'
import type { Call } from './plan.ts'

/** Waits between tries, in milliseconds: about a minute in all. */
export const PATIENCE: readonly number[] = [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]

/** For what is probably there already: about a quarter of a minute. */
export const SHORT_PATIENCE: readonly number[] = PATIENCE.slice(0, 6)

/**
 * Whether AWS, which is eventually consistent, only needs time. `hasCreated`: an earlier call of the same change made
 * the resource. What is attached or put into something was looked for when the plan was made, or was made by it
 * (IAM user guide, "Changes that I make are not always immediately visible"; IAM API reference, common errors; for
 * instances that do not know a new profile yet, Amazon EC2 user guide, "IAM roles for Amazon EC2").
 */
export function needsTime(error: unknown, { operation }: Call, hasCreated: boolean): error is AdminError {
  if (!(error instanceof AdminError)) return false
  const { awsError, awsMessage } = error.details
  const words = String(awsMessage)
  switch (awsError) {
    case 'ConcurrentModification':
    case 'EntityTemporarilyUnmodifiable':
      return true
    case 'NoSuchEntity':
      return hasCreated || operation === 'AttachRolePolicy' || operation === 'AddRoleToInstanceProfile'
    case 'MalformedPolicyDocument':
      return /invalid principal/i.test(words)
    case 'InvalidParameterValue':
      return /invalid iam instance profile|has no associated iam roles/i.test(words)
    case 'DeleteConflict':
      return operation.startsWith('Delete')
    case 'IncorrectInstanceState':
    case 'InvalidDBClusterStateFault':
    case 'InvalidDBInstanceStateFault':
      return true
    default:
      return false
  }
}

/** What another holds is not let go because we wait; what was just detached is seen to be so in seconds. */
export function patienceFor({ details }: AdminError): readonly number[] {
  return details.awsError === 'DeleteConflict' ? SHORT_PATIENCE : PATIENCE
}

/**
 * Whether the plan no longer fits what is there: the answer to an earlier try was lost, or somebody was faster
 * (IAM API reference; Amazon EC2 API reference, error codes, IncorrectState).
 */
export function isOvertaken(error: unknown, { operation }: Call): error is AdminError {
  if (!(error instanceof AdminError)) return false
  switch (error.details.awsError) {
    case 'EntityAlreadyExists':
      return operation.startsWith('Create')
    case 'LimitExceeded':
      return operation === 'AddRoleToInstanceProfile'
    case 'IncorrectState':
      return operation === 'AssociateIamInstanceProfile'
    case 'InvalidAssociationID.NotFound':
      return /^(Disassociate|Replace)/.test(operation)
    case 'NoSuchEntity':
      return /^(Delete|Detach|Remove)/.test(operation)
    default:
      return false
  }
}

/** Sent once only, for a second time would be a second version (IAM API reference, CreatePolicyVersion). */
export function isUnanswered(error: unknown, { operation }: Call): error is AdminError {
  return operation === 'CreatePolicyVersion' && error instanceof AdminError && error.code === 'UNAVAILABLE_AWS'
}
