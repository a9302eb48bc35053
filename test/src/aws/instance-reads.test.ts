import { TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import { CreateInstanceProfileCommand } from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { seedInstances } from '../../support/aws-seeds.ts'
import { openedAccount } from '../../support/opened-account.ts'

const here = openedAccount({ AWS_MAX_ATTEMPTS: '1' })

beforeEach(async () => {
  for (const InstanceProfileName of ['hosts', 'others'])
    await here.reader.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }))
  here.aws.forget()
})

const arn = (name: string) => `arn:aws:iam::123456789012:instance-profile/${name}`
const missing = 'i-0123456789abcdef0'

describe('instances', () => {
  test('have a profile, or none, or are not there: two requests for all of them', async () => {
    const [one = '', two = '', gone = ''] = await seedInstances(here.reader, 3)
    await here.reader.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }))
    await here.account.send({
      service: 'ec2',
      operation: 'AssociateIamInstanceProfile',
      input: { InstanceId: one, IamInstanceProfile: { Arn: arn('hosts') } },
    })
    here.aws.forget()
    const profiles = await here.account.describeInstanceProfiles([one, two, gone, missing])
    expect([...profiles].toSorted()).toEqual(
      [
        [one, { associationId: expect.stringMatching(/^iip-assoc-/), profileArn: arn('hosts'), state: 'associated' }],
        [two, null],
      ].toSorted(),
    )
    expect(here.aws.actions.toSorted()).toEqual(['DescribeIamInstanceProfileAssociations', 'DescribeInstances'])
  })

  test('that are none cost no request', async () => {
    expect(await here.account.describeInstanceProfiles([])).toEqual(new Map())
    expect(here.aws.actions).toEqual([])
  })

  test('take another profile, or lose theirs', async () => {
    const [one = ''] = await seedInstances(here.reader)
    const send = (operation: string, input: object) =>
      here.account.send({ service: 'ec2', operation, input: { ...input } })
    const seen = async () => (await here.account.describeInstanceProfiles([one])).get(one)
    await send('AssociateIamInstanceProfile', { InstanceId: one, IamInstanceProfile: { Name: 'hosts' } })
    const AssociationId = (await seen())?.associationId
    await send('ReplaceIamInstanceProfileAssociation', { AssociationId, IamInstanceProfile: { Name: 'others' } })
    expect(await seen()).toMatchObject({ profileArn: arn('others') })
    expect(await here.reader.associations()).toEqual({ [one]: arn('others') })
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
    here.aws.inject({ action: 'ec2:DescribeInstances', kind, times: 9 })
    await expect(here.account.describeInstanceProfiles([missing])).rejects.toMatchObject({
      code,
      details: { action: 'ec2:DescribeInstances', resource: `instance ${missing}`, awsError },
    })
  })
})
