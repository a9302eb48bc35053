import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { athenaPolicy } from '../../../../src/iam/policies/athena-policy.ts'
import { rdsConnectPolicy } from '../../../../src/iam/policies/rds-connect-policy.ts'
import { redshiftPolicy } from '../../../../src/iam/policies/redshift-policy.ts'
import { redshiftServerlessPolicy } from '../../../../src/iam/policies/redshift-serverless-policy.ts'
import { s3Policy } from '../../../../src/iam/policies/s3-policy.ts'
import type { PolicyDocument } from '../../../../src/iam/policy-document.ts'
import { identityPolicyProblems } from '../../../../src/iam/policy-document-check.ts'
import { policyPlace } from '../../../support/policy-place.ts'

const place = fc
  .constantFrom(['aws', 'us-east-2'], ['aws-cn', 'cn-north-1'], ['aws-us-gov', 'us-gov-west-1'])
  .map(([partition = '', region = '']) => policyPlace(partition, region))
const name = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', '_', '-', '.', '@', '*', '?', '$', '{', '}', 'é'),
  minLength: 1,
})
const names = fc.array(name, { minLength: 1, maxLength: 4 })
const location = fc.record({ bucket: name, prefix: fc.option(name) })
const resourceId = fc
  .tuple(fc.constantFrom('cluster', 'db', 'prx'), fc.stringMatching(/^[A-Z0-9]{17,26}$/))
  .map((parts) => parts.join('-'))

const rdsPolicies = fc
  .tuple(place, fc.record({ resourceId, users: names }))
  .map(([where, what]) => rdsConnectPolicy(where, what))
const s3Access = fc.constantFrom('read' as const, 'read-write' as const)
const everyPolicy: fc.Arbitrary<PolicyDocument> = fc.oneof(
  rdsPolicies,
  fc.tuple(place, location, s3Access).map(([where, what, access]) => s3Policy(where, { ...what, access })),
  fc
    .tuple(
      place,
      fc.record({ cluster: name, users: names, databases: names, groups: fc.array(name), autoCreate: fc.boolean() }),
    )
    .map(([where, what]) => redshiftPolicy(where, what)),
  fc.tuple(place, fc.uuid()).map(([where, workgroupId]) => redshiftServerlessPolicy(where, { workgroupId })),
  fc
    .tuple(
      place,
      fc.record({ workgroup: name, catalog: name, databases: names, sources: fc.array(location), results: location }),
    )
    .map(([where, what]) => athenaPolicy(where, what)),
)

function resourcesOf({ Statement }: PolicyDocument): readonly string[] {
  return Statement.flatMap(({ Resource = [] }) => Resource)
}

describe('every policy of ours', () => {
  test('has no principal, and Sids that are letters and digits and differ', () => {
    fc.assert(
      fc.property(everyPolicy, ({ Statement }) => {
        const sids = Statement.map(({ Sid }) => Sid)
        expect(Statement.filter((statement) => 'Principal' in statement)).toEqual([])
        expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid ?? ''))).toEqual([])
        expect(new Set(sids).size).toBe(sids.length)
      }),
    )
  })

  test('passes the check of the policies that people write', () => {
    fc.assert(fc.property(everyPolicy, (policy) => expect(identityPolicyProblems(policy)).toEqual([])))
  })

  test('has no wildcard and no variable that came with a name', () => {
    fc.assert(
      fc.property(everyPolicy, (policy) => {
        const bare = resourcesOf(policy).map((resource) =>
          resource.replace(/\$\{[*?$]\}/g, '').replace(/(^|\/)\*$/, ''),
        )
        expect(bare.filter((resource) => /[*?$]/.test(resource))).toEqual([])
      }),
    )
  })
})

test('every policy for a database names resources of the service rds-db only', () => {
  fc.assert(
    fc.property(rdsPolicies, (policy) => {
      const strange = /^(?!arn:[^:]+:rds-db:[^:]+:\d{12}:dbuser:(cluster|db|prx)-)/
      expect(resourcesOf(policy).filter((resource) => strange.test(resource))).toEqual([])
    }),
  )
})
