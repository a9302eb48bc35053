import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { type AwsEmulator, awsEnvironment } from './aws-emulator.ts'
import { AwsReader } from './aws-readback.ts'

/**
 * Makes a user with that policy, from now on lets everybody do only what policies allow, and answers with the user's
 * environment. Ends with `emulator.enforce(false)` or `reset()`; till then the keys of other tests are refused.
 *
 * What moto 5.2.5 looks at: the action, with `*` and regardless of nothing (case counts), in `Action` and `NotAction`,
 * allowed or denied, of policies of users, groups and roles. `Resource` must match the word `*`, so a statement that names
 * anything else allows and denies nothing, except `arn:…` of STS AssumeRole and of S3. A statement with a `Condition` turns
 * into a denial. `sts:GetCallerIdentity` is always allowed.
 */
export async function enforcePolicy(
  emulator: AwsEmulator,
  statements: readonly object[],
  account?: string,
): Promise<Record<string, string>> {
  const environment = awsEnvironment(emulator, account)
  const { iam } = new AwsReader(environment)
  const UserName = 'restricted'
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'restricted', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  await emulator.enforce(true)
  emulator.forget()
  return {
    ...environment,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
  }
}
