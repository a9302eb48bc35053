import { describe, expect, test } from '@jest/globals'
import { AdminError } from '../../../src/errors.ts'
import { needsTime, PATIENCE, sendPatiently } from '../../../src/provisioning/consistency.ts'
import type { Call } from '../../../src/provisioning/plan.ts'

const call: Call = { service: 'iam', operation: 'AttachRolePolicy', input: {} }

function awsError(code: string, message = ''): AdminError {
  return new AdminError('REFUSED_BY_AWS', message, { details: { awsError: code, awsMessage: message } })
}

describe('an error of IAM', () => {
  test.each<[string, string, boolean, boolean]>([
    ['NoSuchEntity', 'The role with name analyst cannot be found.', true, true],
    ['NoSuchEntity', 'The role with name analyst cannot be found.', false, false],
    ['NoSuchEntity', 'Policy arn:aws:iam::aws:policy/x does not exist or is not attachable.', true, false],
    ['MalformedPolicyDocument', 'Invalid principal in policy: "FEDERATED":"arn:…"', false, true],
    ['MalformedPolicyDocument', 'Syntax errors in policy.', true, false],
    ['ConcurrentModification', '', false, true],
    ['EntityTemporarilyUnmodifiable', '', false, true],
    ['AccessDenied', '', true, false],
  ])('%s "%s" (after a create: %s) passes with time: %s', (code, message, hasCreated, passes) => {
    expect(needsTime(awsError(code, message), hasCreated)).toBe(passes)
  })

  test('that is none of AWS is not waited for', () => {
    expect(needsTime(new Error('bug'), true)).toBe(false)
  })
})

describe('patience', () => {
  test('ends after about a minute with the error itself', async () => {
    const waits: number[] = []
    let tries = 0
    const send = async () => {
      tries += 1
      throw awsError('ConcurrentModification', `try ${tries}`)
    }
    const waiting = { sleep: async (milliseconds: number) => void waits.push(milliseconds), onWait: () => {} }
    await expect(sendPatiently(send, call, false, waiting)).rejects.toThrow(`try ${PATIENCE.length + 1}`)
    expect(waits).toEqual(PATIENCE)
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(61_000)
  })

  test('is not asked for where the error stays', async () => {
    const said: string[] = []
    const waiting = { sleep: async () => {}, onWait: ({ operation }: Call) => void said.push(operation) }
    const send = async () => Promise.reject(awsError('AccessDenied'))
    await expect(sendPatiently(send, call, true, waiting)).rejects.toThrow()
    expect(said).toEqual([])
  })
})
