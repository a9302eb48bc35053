import { TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import { CreateInstanceProfileCommand } from '@aws-sdk/client-iam'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { SdkAccount } from '../../../src/aws/account.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { seedInstances } from '../../support/aws-seeds.ts'
import { openIn } from '../../support/open-account.ts'

let aws: AwsEmulator
let reader: AwsReader
let account: SdkAccount
let close: () => void

beforeAll(async () => {
  aws = await AwsEmulator.start()
  reader = new AwsReader(awsEnvironment(aws))
})
afterAll(() => aws.stop())
beforeEach(async () => {
  await aws.reset()
  for (const InstanceProfileName of ['hosts', 'others'])
    await reader.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }))
  ;({ account, close } = await openIn({ ...awsEnvironment(aws), AWS_MAX_ATTEMPTS: '1' }))
  aws.forget()
})
afterEach(() => {
  close()
  expect(aws.unimplemented).toEqual([])
})

const arn = (name: string) => `arn:aws:iam::123456789012:instance-profile/${name}`
const missing = 'i-0123456789abcdef0'

describe('instances', () => {
  test('have a profile, or none, or are not there: two requests for all of them', async () => {
    const [one = '', two = '', gone = ''] = await seedInstances(reader, 3)
    await reader.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }))
    await account.send({
      service: 'ec2',
      operation: 'AssociateIamInstanceProfile',
      input: { InstanceId: one, IamInstanceProfile: { Arn: arn('hosts') } },
    })
    aws.forget()
    const profiles = await account.describeInstanceProfiles([one, two, gone, missing])
    expect([...profiles].toSorted()).toEqual(
      [
        [one, { associationId: expect.stringMatching(/^iip-assoc-/), profileArn: arn('hosts'), state: 'associated' }],
        [two, null],
      ].toSorted(),
    )
    expect(aws.actions.toSorted()).toEqual(['DescribeIamInstanceProfileAssociations', 'DescribeInstances'])
  })

  test('that are none cost no request', async () => {
    expect(await account.describeInstanceProfiles([])).toEqual(new Map())
    expect(aws.actions).toEqual([])
  })

  test('take another profile, or lose theirs', async () => {
    const [one = ''] = await seedInstances(reader)
    const send = (operation: string, input: object) => account.send({ service: 'ec2', operation, input: { ...input } })
    const seen = async () => (await account.describeInstanceProfiles([one])).get(one)
    await send('AssociateIamInstanceProfile', { InstanceId: one, IamInstanceProfile: { Name: 'hosts' } })
    const AssociationId = (await seen())?.associationId
    await send('ReplaceIamInstanceProfileAssociation', { AssociationId, IamInstanceProfile: { Name: 'others' } })
    expect(await seen()).toMatchObject({ profileArn: arn('others') })
    expect(await reader.associations()).toEqual({ [one]: arn('others') })
    await send('DisassociateIamInstanceProfile', { AssociationId: (await seen())?.associationId })
    expect(await seen()).toBeNull()
  })
})

describe('an error of EC2', () => {
  test.each([
    ['throttle', 'UNAVAILABLE_AWS', 'RequestLimitExceeded'],
    ['unavailable', 'UNAVAILABLE_AWS', 'ServiceUnavailable'],
    ['deny', 'DENIED_AWS', 'UnauthorizedOperation'],
    [{ status: 401, code: 'AuthFailure', message: 'no' }, 'DENIED_AWS_CREDENTIALS', 'AuthFailure'],
    [{ status: 400, code: 'InvalidInstanceID.NotFound', message: 'no' }, 'NOT_FOUND_AWS', 'InvalidInstanceID.NotFound'],
    [
      { status: 400, code: 'InvalidInstanceID.Malformed', message: 'no' },
      'REFUSED_BY_AWS',
      'InvalidInstanceID.Malformed',
    ],
  ] as const)('%j is %s', async (kind, code, awsError) => {
    aws.inject({ action: 'ec2:DescribeInstances', kind, times: 9 })
    await expect(account.describeInstanceProfiles([missing])).rejects.toMatchObject({
      code,
      details: { action: 'ec2:DescribeInstances', resource: `instance ${missing}`, awsError },
    })
  })
})
