import { describe, expect, test } from '@jest/globals'
import { AdminError } from '../../../src/errors.ts'
import { isOvertaken, isUnanswered, needsTime, PATIENCE } from '../../../src/provisioning/consistency.ts'
import type { Call } from '../../../src/provisioning/plan.ts'

function awsError(code: string, message = ''): AdminError {
  return new AdminError('REFUSED_BY_AWS', message, { details: { awsError: code, awsMessage: message } })
}

const call = (operation: string): Call => ({ service: 'iam', operation, input: {} })

describe('an error of IAM', () => {
  test.each<[string, string, string, boolean, boolean]>([
    ['PutRolePolicy', 'NoSuchEntity', 'The role with name analyst cannot be found.', true, true],
    ['PutRolePolicy', 'NoSuchEntity', 'The role with name analyst cannot be found.', false, false],
    ['AttachRolePolicy', 'NoSuchEntity', 'Policy arn:aws:iam::aws:policy/x does not exist.', false, true],
    ['AddRoleToInstanceProfile', 'NoSuchEntity', 'The role with name server cannot be found.', false, true],
    ['AssociateIamInstanceProfile', 'InvalidParameterValue', 'Invalid IAM Instance Profile name', false, true],
    ['CreateRole', 'MalformedPolicyDocument', 'Invalid principal in policy: "FEDERATED":"arn:…"', false, true],
    ['CreateRole', 'MalformedPolicyDocument', 'Syntax errors in policy.', true, false],
    ['CreateRole', 'ConcurrentModification', '', false, true],
    ['DeleteRole', 'EntityTemporarilyUnmodifiable', '', false, true],
    [
      'AssociateIamInstanceProfile',
      'InvalidParameterValue',
      'IAM Instance Profile "x" has no associated IAM Roles',
      false,
      true,
    ],
    ['AssociateIamInstanceProfile', 'IncorrectInstanceState', '', false, true],
    ['ModifyDBInstance', 'InvalidDBInstanceStateFault', '', false, true],
    ['DeleteRole', 'DeleteConflict', 'must detach all policies first', false, true],
    ['CreateRole', 'AccessDenied', '', true, false],
  ])('of %s: %s "%s" (after a create: %s) passes with time: %s', (operation, code, message, hasCreated, passes) => {
    expect(needsTime(awsError(code, message), call(operation), hasCreated)).toBe(passes)
  })

  test('that is none of AWS is not waited for', () => {
    expect(needsTime(new Error('bug'), call('CreateRole'), true)).toBe(false)
  })
})

describe('a call', () => {
  test.each<[string, string, boolean]>([
    ['CreateRole', 'EntityAlreadyExists', true],
    ['AddRoleToInstanceProfile', 'LimitExceeded', true],
    ['CreateRole', 'LimitExceeded', false],
    ['AssociateIamInstanceProfile', 'IncorrectState', true],
    ['DisassociateIamInstanceProfile', 'InvalidAssociationID.NotFound', true],
    ['DeleteRole', 'NoSuchEntity', true],
    ['DetachRolePolicy', 'NoSuchEntity', true],
    ['DeleteRole', 'DeleteConflict', false],
    ['PutRolePolicy', 'NoSuchEntity', false],
    ['CreateRole', 'AccessDenied', false],
  ])('%s answered with %s was overtaken by what is there: %s', (operation, code, isOver) => {
    expect(isOvertaken(awsError(code), call(operation))).toBe(isOver)
  })

  test('that must not be sent twice is looked after where no answer came', () => {
    const unavailable = new AdminError('UNAVAILABLE_AWS', 'reset')
    const version = call('CreatePolicyVersion')
    expect(isUnanswered(unavailable, version)).toBe(true)
    expect(isUnanswered(awsError('AccessDenied'), version)).toBe(false)
    expect(isUnanswered(unavailable, call('CreateRole'))).toBe(false)
  })
})

describe('patience', () => {
  test('is about a minute', () => {
    const whole = PATIENCE.reduce((sum, wait) => sum + wait, 0)
    expect(whole).toBeGreaterThan(55_000)
    expect(whole).toBeLessThanOrEqual(61_000)
  })
})
