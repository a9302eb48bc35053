import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { type AwsEmulator, awsEnvironment } from './aws-emulator.ts'
import { AwsReader } from './aws-readback.ts'

/**
 * Makes a user with that policy, from now on lets everybody do only what policies allow, and answers with the user's
 * environment. Ends with `emulator.enforce(null)` or `reset()`; till then the keys of other tests are refused.
 *
 * What moto 5.2.5 looks at: actions of policies of users, groups and roles, in `Action` and `NotAction`, with `*` but not
 * `?`, and case counts; allowed or denied. The `Resource` is the ARN of a role where the request names one that exists,
 * and that of the role to assume; for all else, `CreateRole` included, it is `*`, which only the word `*` matches. A
 * `Condition`, a boundary and what is not denied by name are passed over. `sts:GetCallerIdentity` is always allowed. To
 * assume a role of the same account its trust policy must name the user's ARN under `AWS`; without any `AWS` in it moto
 * fails. A role of another account is never looked at. What moto refuses is `AccessDenied` in every service.
 * What it does not look at and AWS does, the emulator's `Enforcement` judges by the same statements.
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
  await emulator.enforce(statements)
  emulator.forget()
  return {
    ...environment,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
  }
}
