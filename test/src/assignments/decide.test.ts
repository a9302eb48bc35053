import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Assignment } from '../../../src/assignments/assignment.ts'
import { type Change, type Decision, decide } from '../../../src/assignments/decide.ts'
import type { Instant } from '../../../src/clock.ts'
import type { RoleArn } from '../../../src/iam/role-arn.ts'

const [a, b] = ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/b'] as RoleArn[] as [
  RoleArn,
  RoleArn,
]
const noon = '2026-03-01T12:00:00Z' as Instant
const none = null
const cli = (...roleArns: RoleArn[]): Assignment => ({ source: 'cli', roleArns, expiresAt: null })
const sso = (...roleArns: RoleArn[]): Assignment => ({ source: 'sso', roleArns, expiresAt: null })
const set = (...roleArns: RoleArn[]): Change => ({ kind: 'set', roleArns, expiresAt: null, force: false })
const forced = (...roleArns: RoleArn[]): Change => ({ kind: 'set', roleArns, expiresAt: null, force: true })
const login = (...roleArns: RoleArn[]): Change => ({ kind: 'login', roleArns })
const loginWithoutClaim: Change = { kind: 'login', roleArns: null }
const renewal = (...roleArns: RoleArn[]): Change => ({ kind: 'renewal', roleArns })
const renewalWithoutClaim: Change = { kind: 'renewal', roleArns: null }
const unset: Change = { kind: 'unset' }
const time: Change = { kind: 'time', now: noon }
const to = (next: Assignment | null): Decision => ({ kind: 'step', next })
const stay: Decision = { kind: 'stay' }
const refused: Decision = { kind: 'refused', reason: 'sso-governs' }

describe('the transition table', () => {
  test.each<[string, Assignment | null, Change, Decision]>([
    ['none, set → cli', none, set(a), to(cli(a))],
    ['none, forced set → cli', none, forced(a), to(cli(a))],
    ['none, login with a claim → sso', none, login(a), to(sso(a))],
    ['none, login with an empty claim → sso with no roles', none, login(), to(sso())],
    ['none, login without the claim → none', none, loginWithoutClaim, stay],
    ['none, unset → none', none, unset, stay],
    ['cli, set → cli', cli(a), set(b), to(cli(b))],
    ['cli, the same set → stays', cli(a, b), set(a, b), stay],
    ['cli, the same roles in another order → cli', cli(a, b), set(b, a), to(cli(b, a))],
    ['cli, login with a claim → sso', cli(a), login(b), to(sso(b))],
    ['cli, login with the same roles → sso all the same', cli(a), login(a), to(sso(a))],
    ['cli, login with an empty claim → sso with no roles', cli(a), login(), to(sso())],
    ['cli, login without the claim → cli stays', cli(a), loginWithoutClaim, stay],
    ['cli, unset → none', cli(a), unset, to(none)],
    ['sso, set → refused', sso(a), set(b), refused],
    ['sso, the same set → refused', sso(a), set(a), refused],
    ['sso without roles, set → refused', sso(), set(a), refused],
    ['sso, forced set → cli', sso(a), forced(b), to(cli(b))],
    ['sso, login with a claim → sso', sso(a), login(b), to(sso(b))],
    ['sso, login with the same claim → stays', sso(a), login(a), stay],
    ['sso, login with an empty claim → sso with no roles', sso(a), login(), to(sso())],
    ['sso, login without the claim → none', sso(a), loginWithoutClaim, to(none)],
    ['sso without roles, login without the claim → none', sso(), loginWithoutClaim, to(none)],
    ['sso, unset → none', sso(a), unset, to(none)],
    ['none, renewal with a claim → none', none, renewal(a), stay],
    ['none, renewal with an empty claim → none', none, renewal(), stay],
    ['none, renewal without the claim → none', none, renewalWithoutClaim, stay],
    ['cli, renewal with a claim → sso', cli(a), renewal(b), to(sso(b))],
    ['cli, renewal without the claim → cli stays', cli(a), renewalWithoutClaim, stay],
    ['sso, renewal with a claim → sso', sso(a), renewal(b), to(sso(b))],
    ['sso without roles, renewal with a claim → sso', sso(), renewal(a), to(sso(a))],
    ['sso, renewal without the claim → none', sso(a), renewalWithoutClaim, to(none)],
    ['sso, time → stays', sso(a), time, stay],
    ['cli without end, time → stays', cli(a), time, stay],
  ])('%s', (_, before, change, decision) => {
    expect(decide(before, change)).toEqual(decision)
  })

  test.each([
    ['a second before its end', '2026-03-01T12:00:01Z', stay],
    ['at its end', '2026-03-01T12:00:00Z', to(none)],
    ['after its end', '2026-03-01T11:59:59Z', to(none)],
  ])('an assignment with an end, %s', (_, expiresAt, decision) => {
    expect(decide({ source: 'cli', roleArns: [a], expiresAt: expiresAt as Instant }, time)).toEqual(decision)
  })

  test('another end for the same roles is a change', () => {
    const until = { kind: 'set', roleArns: [a], expiresAt: noon, force: false } as const
    expect(decide(cli(a), until)).toEqual(to({ source: 'cli', roleArns: [a], expiresAt: noon }))
  })

  test('answering twice the same changes nothing the second time', () => {
    const roles = fc.subarray([a, b])
    const assignment = fc.oneof(
      fc.constant(none),
      roles.map((list) => cli(...list)),
      roles.map((list) => sso(...list)),
    )
    const change = fc.oneof(
      roles.map((list) => forced(...list)),
      roles.map((list) => login(...list)),
      roles.map((list) => renewal(...list)),
      fc.constant(unset),
      fc.constant(loginWithoutClaim),
    )
    fc.assert(
      fc.property(assignment, change, (before, wish) => {
        const first = decide(before, wish)
        const after = first.kind === 'step' ? first.next : before
        expect(decide(after, wish)).toEqual(stay)
      }),
    )
  })
})
