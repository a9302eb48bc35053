import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { identityPolicyProblems } from '../../../src/iam/policy-document-check.ts'

const fine = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::demo/*' }

function policy(...statements: readonly unknown[]): unknown {
  return { Version: '2012-10-17', Statement: statements }
}

/** A policy of one statement, which is fine but for these elements; `undefined` takes one away. */
function but(elements: object): unknown {
  return JSON.parse(JSON.stringify(policy({ ...fine, ...elements })))
}

describe('a policy that IAM takes', () => {
  test.each<[string, unknown]>([
    ['of one statement that is no list', { Version: '2012-10-17', Statement: fine }],
    ['of the older version, with an Id', { Version: '2008-10-17', Id: 'mine', Statement: [fine] }],
    ['with Sids that differ', policy({ ...fine, Sid: 'One' }, { ...fine, Sid: 'Two' })],
    ['with empty Sids', policy({ ...fine, Sid: '' }, { ...fine, Sid: '' })],
    ['with everything denied', but({ Effect: 'Deny', Action: '*', Resource: '*' })],
    ['with the negative forms', policy({ Effect: 'Deny', NotAction: ['iam:*'], NotResource: ['*'] })],
    ['with wildcards in actions', but({ Action: ['s3:Get*', 'execute-api:Invoke', 'ec2:Describe?*', '*:*'] })],
    ['with a condition', but({ Condition: { StringLike: { 's3:prefix': ['a', 'a/*'] } } })],
    ['with variables', but({ Resource: `arn:aws:s3:::demo/\${aws:username}/*` })],
    ['with resources of AWS', but({ Resource: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:ec2:*::image/*'] })],
    ['with any account', but({ Resource: 'arn:aws-cn:sqs:*:*:queue' })],
    ['with Latin-1', but({ Resource: 'arn:aws:s3:::demo/josé ÿ/*' })],
  ])('%s has no problem', (_, value) => {
    expect(identityPolicyProblems(value)).toEqual([])
  })
})

describe('a policy that is refused', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['that is a list', [], ['the policy is a list, expected an object']],
    ['that is null', null, ['the policy is null, expected an object']],
    ['without Version', { Statement: [fine] }, ['the policy has no Version, expected "2012-10-17"']],
    [
      'of a version that there is not',
      { Version: '2012-10-18', Statement: [fine] },
      ['the policy has the Version "2012-10-18", expected "2012-10-17"'],
    ],
    ['without Statement', { Version: '2012-10-17' }, ['the policy has no Statement']],
    ['without a statement', policy(), ['the policy has no Statement']],
    ['with a statement that is none', policy(fine, 'x'), ['statement 2 is a string, expected an object']],
    [
      'with an element of its own',
      { Version: '2012-10-17', Statement: [fine], Comment: 'x' },
      ['the policy has the unknown element "Comment", expected Version, Id, Statement'],
    ],
    [
      'with a strange Id',
      { Version: '2012-10-17', Id: '中', Statement: [fine] },
      ['the policy contains "中" (U+4E2D), IAM allows U+0020 to U+00FF'],
    ],
    [
      'with one Sid twice',
      policy({ ...fine, Sid: 'A' }, fine, { ...fine, Sid: 'A' }),
      ['statement 3 has the Sid "A" of statement 1, expected one of its own'],
    ],
  ])('%s names the problem', (_, value, problems) => {
    expect(identityPolicyProblems(value)).toEqual(problems)
  })
})

describe('a statement that is refused', () => {
  test.each<[object, string]>([
    [{ effect: 'Allow' }, 'has the unknown element "effect", expected Sid, Effect, Action'],
    [{ Principal: { AWS: '*' } }, 'has a Principal, which only policies of resources and trust policies may have'],
    [{ NotPrincipal: '*' }, 'has a NotPrincipal'],
    [{ Sid: 'my bucket' }, 'has the Sid "my bucket", expected ASCII letters and digits only'],
    [{ Sid: 1 }, 'has the Sid a number'],
    [{ Effect: 'allow' }, 'has the Effect "allow", expected Allow or Deny'],
    [{ Effect: undefined }, 'has no Effect'],
    [{ Action: undefined }, 'has no Action'],
    [{ NotAction: 's3:*' }, 'has both Action and NotAction, expected one of them'],
    [{ Action: [] }, 'has the Action a list, expected a string or a list of strings'],
    [{ Action: ['s3:*', 1] }, 'has the Action a list'],
    [{ Action: 'GetObject' }, 'has the Action "GetObject": expected SERVICE:ACTION'],
    [{ Action: 's3:Get Object' }, 'has the Action "s3:Get Object"'],
    [{ Resource: undefined }, 'has no Resource'],
    [{ NotResource: '*' }, 'has both Resource and NotResource'],
    [{ Resource: 'demo' }, 'has the Resource "demo": expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE or "*"'],
    [{ Resource: 'arn:aws:s3:demo' }, 'has the Resource "arn:aws:s3:demo"'],
    [{ Resource: 'arn:amazon:s3:::demo' }, 'its partition is "amazon", expected aws, aws-cn'],
    [{ Resource: 'arn:aws:sqs:eu-west-1:12345678901:q' }, 'its account id is "12345678901": it has 11 digits'],
    [{ Resource: 'arn:aws:sqs:eu-west-1:ACCOUNT:q' }, 'its account id is "ACCOUNT": expected 12 digits'],
    [{ Condition: 'x' }, 'has the Condition "x", expected an object'],
    [{ Condition: { Bool: 'x' } }, 'has the Condition "Bool" with "x", expected an object of condition keys'],
    [{ Resource: 'arn:aws:s3:::a—b' }, 'contains "—" (U+2014), IAM allows U+0020 to U+00FF'],
    [{ Resource: 'arn:aws:s3:::a😀b' }, '(U+1F600)'],
  ])('%j is the one problem', (elements, words) => {
    const problems = identityPolicyProblems(but(elements))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^statement 1 /)
    expect(problems[0]).toContain(words)
  })

  test('is named by its Sid where that is its own', () => {
    expect(identityPolicyProblems(policy(fine, { ...fine, Sid: 'Data', Effect: 'Maybe' }))).toEqual([
      'statement "Data" has the Effect "Maybe", expected Allow or Deny',
    ])
  })
})

describe('a statement for rds-db:connect', () => {
  const place = 'us-east-2:123456789012'
  const form = `expected arn:aws:rds-db:${place}:dbuser:RESOURCE-ID/USER`

  test.each<[string, string, string]>([
    [`arn:aws:rds:${place}:db:cluster-db/username`, 'its service is "rds"', form],
    [`arn:aws:rds-db:${place}:db:db-ABCDEFGHIJKL01234/analyst`, 'its type is "db"', form],
    [`arn:aws:rds-db:${place}:dbuser:demo-db/analyst`, '"demo-db" is no resource id', form],
    [`arn:aws:rds-db:${place}:dbuser:cluster-db/analyst`, '"cluster-db" is no resource id', form],
    [`arn:aws:rds-db:${place}:dbuser:db-ABCDEFGHIJKL01234`, 'it names no database user', form],
    ['arn:aws:rds:us-east-2:*:db:demo', 'its service is "rds"', 'expected arn:aws:rds-db:us-east-2:ACCOUNT:dbuser:'],
  ])('with %s is told what is right', (resource, reason, expected) => {
    const problems = identityPolicyProblems(but({ Action: 'RDS-DB:Connect', Resource: resource }))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`has the Resource "${resource}" for rds-db:connect: ${reason}`)
    expect(problems[0]).toContain(expected)
  })

  test.each([
    '*',
    `arn:aws:rds-db:${place}:*`,
    `arn:aws:rds-db:${place}:dbuser:*/analyst`,
    `arn:aws:rds-db:${place}:dbuser:cluster-ABCDEFGHIJKL01234/*`,
    `arn:aws:rds-db:${place}:dbuser:db-ABCDEFGHIJKL01234/\${aws:username}`,
    `arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:prx-0123abcdefghijklm/a/b`,
  ])('may have %s', (resource) => {
    expect(identityPolicyProblems(but({ Action: ['rds-db:connect'], Resource: [resource] }))).toEqual([])
  })

  test.each<[readonly string[]]>([
    [['rds:DescribeDBInstances', 'rds-db:connect']],
    [['*', 'rds-db:connect']],
    [['rds:*']],
  ])('leaves a resource alone that is there for another action of %j', (actions) => {
    expect(identityPolicyProblems(but({ Action: actions, Resource: `arn:aws:rds:${place}:db:demo` }))).toEqual([])
  })
})

test('whatever JSON comes, the check answers', () => {
  const element = fc.constantFrom('Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition', 'constructor')
  const statement = fc.dictionary(element, fc.oneof(fc.jsonValue(), fc.constant('rds-db:connect')))
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        fc.array(statement).map((list) => policy(...list)),
      ),
      (value) => {
        expect(identityPolicyProblems(value).every((problem) => problem.length > 0)).toBe(true)
      },
    ),
  )
})
