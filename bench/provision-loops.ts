import type { AwsCli } from './aws-cli.ts'
import { roleName } from './provision-specs.ts'

/** What a person would script to read so many roles as a plan must know them. Their output goes nowhere. */
export function readLoop(cli: AwsCli, roles: number): readonly string[] {
  return loop(
    cli,
    roles,
    `iam get-role --role-name "$role"
    for policy in $(iam list-role-policies --role-name "$role" --query 'PolicyNames[]' --output text)
    do iam get-role-policy --role-name "$role" --policy-name "$policy"
    done
    iam list-attached-role-policies --role-name "$role"
    iam list-role-tags --role-name "$role"`,
  )
}

/** What a person would script to make so many roles of two policies each; the tags are given with the role. */
export function writeLoop(cli: AwsCli, roles: number): readonly string[] {
  return loop(
    cli,
    roles,
    `iam create-role --role-name "$role" --path /bench/ --assume-role-policy-document '${trust}' --tags Key=team,Value=data
    iam put-role-policy --role-name "$role" --policy-name files --policy-document '${policy}'
    iam put-role-policy --role-name "$role" --policy-name queries --policy-document '${policy}'`,
  )
}

/** The endpoint is told in so many words, since older releases do not read it from the environment. */
function loop({ file }: AwsCli, roles: number, body: string): readonly string[] {
  const script = `set -eu
iam() { "${file}" --endpoint-url "$AWS_ENDPOINT_URL" iam "$@"; }
for role
do
    ${body}
done`
  return ['/bin/sh', '-c', script, 'loop', ...Array.from({ length: roles }, (_, index) => roleName(index + 1))]
}

const Version = '2012-10-17'
const principal = { Federated: 'arn:aws:iam::123456789012:oidc-provider/sso.example.com' }
const trust = JSON.stringify({
  Version,
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRoleWithWebIdentity' }],
})
const policy = JSON.stringify({
  Version,
  Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::bench-projects/*' }],
})
