import { describe, expect, test } from '@jest/globals'
import { judgeTrustPolicy } from '../../../src/iam/trust-evaluation.ts'

const ID = 'sso.example.com/'
const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${ID}`
const facts = {
  principal: PROVIDER,
  providerId: ID,
  claims: { aud: 'api', azp: 'workbench', sub: 'Alice', amr: ['mfa', 'pwd'], email: 'a@example.com' },
  roleSessionName: 'alice',
}

function judge(condition: object, statement: object = {}) {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: PROVIDER },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
      ...statement,
    },
  })
  return judgeTrustPolicy(document, facts)?.[0]
}

describe('a condition of a trust policy', () => {
  const cases: readonly [string, object, boolean | null][] = [
    ['azp goes before aud', { StringEquals: { [`${ID}:aud`]: 'workbench' } }, true],
    ['aud itself is oaud', { StringEquals: { [`${ID}:oaud`]: 'api', [`${ID}:aud`]: ['x', 'workbench'] } }, true],
    ['the value heeds case', { StringEquals: { [`${ID}:sub`]: 'alice' } }, false],
    ['the key does not', { StringEquals: { [`${ID.toUpperCase()}:SUB`]: 'Alice' } }, true],
    ['unless the operator does not', { StringEqualsIgnoreCase: { [`${ID}:sub`]: 'alice' } }, true],
    ['a pattern', { StringLike: { [`${ID}:sub`]: 'Al?c*' } }, true],
    ['a pattern that is a text to StringEquals', { StringEquals: { [`${ID}:sub`]: 'Al*' } }, false],
    ['a key without the slash is never there', { StringEquals: { 'sso.example.com:sub': 'Alice' } }, false],
    ['a key that is never there', { StringEquals: { [`${ID}:groups`]: 'admins' } }, false],
    ['which IfExists forgives', { StringEqualsIfExists: { [`${ID}:groups`]: 'admins' } }, true],
    ['as ForAllValues does', { 'ForAllValues:StringEquals': { [`${ID}:groups`]: 'admins' } }, true],
    ['any of several values', { 'ForAnyValue:StringEquals': { [`${ID}:amr`]: ['mfa'] } }, true],
    ['all of several values', { 'ForAllValues:StringEquals': { [`${ID}:amr`]: ['mfa'] } }, false],
    ['a negation', { StringNotEquals: { [`${ID}:sub`]: 'Alice' } }, false],
    ['a negation of a pattern', { StringNotLike: { [`${ID}:sub`]: 'B*' } }, true],
    ['the session name', { StringEquals: { 'sts:RoleSessionName': 'alice' } }, true],
    ['an operator that is not judged', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, null],
  ]

  test.each(cases)('is judged as AWS does: %s', (_, condition, holds) => {
    const judged = judge(condition)?.conditions.map((one) => one.holds) ?? []
    expect(judged.every((one) => one === holds)).toBe(true)
    expect(judged.length).toBeGreaterThan(0)
  })
})

describe('a statement', () => {
  test('fits by its action and its principal', () => {
    expect(judge({})).toMatchObject({ isAction: true, isPrincipal: true })
    expect(judge({}, { Action: ['sts:TagSession', 'sts:*'] })).toMatchObject({ isAction: true })
    expect(judge({}, { Action: 'sts:AssumeRole' })).toMatchObject({ isAction: false })
    expect(judge({}, { Principal: { Federated: [PROVIDER.slice(0, -1)] } })).toMatchObject({ isPrincipal: false })
    expect(judge({}, { Principal: { Service: 'ec2.amazonaws.com' } })).toMatchObject({ isPrincipal: false })
  })
})

test('a policy is read as AWS sends it, and what is none is no policy', () => {
  const document = JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRoleWithWebIdentity' }] })
  expect(judgeTrustPolicy(encodeURIComponent(document), facts)).toMatchObject([{ effect: 'Deny', conditions: [] }])
  expect(judgeTrustPolicy('100%', facts)).toBeNull()
  expect(judgeTrustPolicy('%zz', facts)).toBeNull()
})
