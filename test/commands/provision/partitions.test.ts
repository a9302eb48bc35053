import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { adminJson, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { specFile } from '../../support/spec-file.ts'
import { production, withProfile } from '../../support/two-accounts.ts'

let aws: AwsEmulator
const directory = temporaryDirectory()

beforeAll(async () => {
  aws = await AwsEmulator.start({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' })
})
afterAll(() => aws.stop())
beforeEach(() => aws.forget())

const spec = (region: string) => `version: 1
name: workbench
identityProvider: { issuer: "https://sso.example.com", clientIds: [workbench] }
accounts: { "${production}": { profile: prod, region: ${region} } }
roles:
  analyst:
    trust: { subjects: [alice] }
    managedPolicies: [ReadOnlyAccess]
    permissionsBoundary: PowerUserAccess
    policies: { files: { s3: { bucket: demo-projects, access: read } } }
instanceProfiles:
  server: { instances: [], policies: {} }
`

describe('an account in the region', () => {
  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-east-2', 'aws'],
  ])('%s is of the partition %s, and so is all that stands in it', async (region, partition) => {
    const env = withProfile(aws, directory)
    const apply = ['provision', 'apply', specFile(directory, spec(region)), '--yes']
    const { json, exitCode } = await adminJson(apply, { env })
    expect({ exitCode, accounts: json.accounts }).toEqual({
      exitCode: 0,
      accounts: [{ accountId: production, partition, callerArn: `arn:${partition}:sts::${production}:user/moto` }],
    })
    const { AWS_ENDPOINT_URL = '' } = env
    const keys = { AWS_ACCESS_KEY_ID: `AKIA${production}TEST`, AWS_SECRET_ACCESS_KEY: 'secret' }
    const reader = new AwsReader({ AWS_ENDPOINT_URL, AWS_REGION: region, ...keys })
    const providerArn = `arn:${partition}:iam::${production}:oidc-provider/sso.example.com`
    expect(await reader.providers()).toEqual([providerArn])
    expect(await reader.role('analyst')).toMatchObject({
      arn: `arn:${partition}:iam::${production}:role/analyst`,
      boundary: `arn:${partition}:iam::aws:policy/PowerUserAccess`,
      policies: [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`],
      trust: { Statement: [{ Principal: { Federated: providerArn } }] },
    })
    const policies = JSON.stringify(await reader.rolePolicies('analyst'))
    expect(policies).toContain(`"arn:${partition}:s3:::demo-projects"`)
    expect(await reader.instanceProfile('server')).toMatchObject({
      arn: `arn:${partition}:iam::${production}:instance-profile/server`,
    })
    expect((await reader.role('server')).trust).toMatchObject({
      Statement: [{ Principal: { Service: 'ec2.amazonaws.com' } }],
    })
    expect(aws.unimplemented).toEqual([])
  })
})
