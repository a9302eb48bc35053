import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../../../src/iam/json-object.ts'
import { parsePolicyDocument, samePolicy } from '../../../src/provisioning/policy-document.ts'
import { trustWidening } from '../../../src/provisioning/trust-widening.ts'

const principal = { Federated: 'arn:aws:iam::123456789012:oidc-provider/sso.example.com' }

function allow(condition: object, others: object = {}): JsonObject {
  const Action = 'sts:AssumeRoleWithWebIdentity'
  return { Effect: 'Allow', Principal: principal, Action, Condition: condition, ...others }
}

function policy(...statements: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements }
}

const aud = { 'sso.example.com:aud': 'workbench' }
const alice = allow({ StringEquals: { ...aud, 'sso.example.com:sub': 'alice' } })
const both = allow({ StringEquals: { ...aud, 'sso.example.com:sub': ['alice', 'bob'] } })
const everybody = allow({ StringEquals: aud })
const deny = allow({}, { Effect: 'Deny' })

describe('two policies', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['one statement or a list of one', policy(alice), { ...policy(), Statement: alice }],
    [
      'one value or a list of one',
      policy(alice),
      policy(allow({ StringEquals: { 'sso.example.com:aud': ['workbench'], 'sso.example.com:sub': ['alice'] } })),
    ],
    [
      'the order of values',
      policy(both),
      policy(allow({ StringEquals: { ...aud, 'sso.example.com:sub': ['bob', 'alice'] } })),
    ],
    [
      'the order of keys',
      policy(both),
      policy(allow({ StringEquals: { 'sso.example.com:sub': ['alice', 'bob'], ...aud } })),
    ],
    ['the order of statements', policy(alice, deny), policy(deny, alice)],
    [
      'the case of condition keys',
      policy(everybody),
      policy(allow({ stringequals: { 'SSO.example.com:AUD': 'workbench' } })),
    ],
    ['the case of actions', policy(alice), policy({ ...alice, Action: ['STS:assumerolewithwebidentity'] })],
    [
      'anybody in short and in long',
      policy({ ...alice, Principal: '*' }),
      policy({ ...alice, Principal: { AWS: '*' } }),
    ],
    ['booleans and their names', policy(allow({ Bool: { a: true } })), policy(allow({ Bool: { a: 'true' } }))],
  ])('differ not by %s', (_, one, other) => {
    expect(samePolicy(one, other)).toBe(true)
    expect(samePolicy(other, one)).toBe(true)
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['a value more', policy(alice), policy(both)],
    ['a condition less', policy(alice), policy(everybody)],
    ['the case of a value', policy(alice), policy(allow({ StringEquals: { ...aud, 'sso.example.com:sub': 'Alice' } }))],
    [
      'the case of a principal',
      policy(alice),
      policy({ ...alice, Principal: { Federated: principal.Federated.toUpperCase() } }),
    ],
    ['the operator', policy(alice), policy(allow({ StringLike: { ...aud, 'sso.example.com:sub': 'alice' } }))],
    ['the effect', policy(everybody), policy({ ...everybody, Effect: 'Deny' })],
    ['a statement more', policy(alice), policy(alice, deny)],
    ['the version', policy(alice), { Statement: [alice] }],
    ['a slash in the key', policy(everybody), policy(allow({ StringEquals: { 'sso.example.com/:aud': 'workbench' } }))],
    ['Action and NotAction', policy({ Effect: 'Allow', Action: 'a:b' }), policy({ Effect: 'Allow', NotAction: 'a:b' })],
  ])('differ by %s', (_, one, other) => {
    expect(samePolicy(one, other)).toBe(false)
  })
})

describe('a policy as AWS sends it', () => {
  const hostile = policy(allow({ StringEquals: { 'a:b': '100%zz %7B' } }))

  test('is read encoded and plain', () => {
    expect(parsePolicyDocument(encodeURIComponent(JSON.stringify(hostile)))).toEqual(hostile)
    expect(parsePolicyDocument(JSON.stringify(hostile))).toEqual(hostile)
    expect(parsePolicyDocument(JSON.stringify(hostile, null, 2))).toEqual(hostile)
  })

  test.each(['', 'not json', '%7B%zz', '[]', '"text"', 'null'])('is nothing where it is no document: %s', (text) => {
    expect(parsePolicyDocument(text)).toBeNull()
  })

  test('survives any encoding of any value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (values) => {
        const document = policy(allow({ StringEquals: values }))
        expect(parsePolicyDocument(encodeURIComponent(JSON.stringify(document)))).toEqual(
          JSON.parse(JSON.stringify(document)),
        )
      }),
    )
  })
})

describe('a trust policy', () => {
  const other = { ...everybody, Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/other.example.com' } }

  test.each<[string, JsonObject | null, JsonObject, readonly string[]]>([
    ['that stays', policy(alice), policy(alice), []],
    ['that lets fewer in', policy(both), policy(alice), []],
    ['that asks for more', policy(everybody), policy(alice), []],
    ['whose old statements cover the new one', policy(alice, everybody), policy(both), []],
    ['with a subject more', policy(alice), policy(both), ['StringEquals sso.example.com:sub may now also be bob']],
    [
      'without its subjects',
      policy(both),
      policy(everybody),
      ['it no longer asks for StringEquals sso.example.com:sub'],
    ],
    ['of another provider', policy(other), policy(alice), [`it now trusts ${principal.Federated}`]],
    ['without its Deny', policy(deny, alice), policy(alice), ['a Deny statement goes away']],
    ['in place of what nobody can read', null, policy(alice), [`it now trusts ${principal.Federated}`]],
  ])('%s widens by %j', (_, before, after, words) => {
    expect(trustWidening(before, after)).toEqual(words)
  })
})
