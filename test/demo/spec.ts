import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AwsEmulator, awsEnvironment } from '../support/aws-emulator.ts'
import { AwsReader } from '../support/aws-readback.ts'
import { seedCluster } from '../support/aws-seeds.ts'
import type { Stage } from './stage.ts'

const accounts = { prod: '123456789012', lab: '210987654321' } as const
const REGION = 'us-east-2'

const spec = `version: 1
name: workbench
identityProvider:
  issuer: https://sso.example.com/realm
  clientIds: [workbench]
accounts:
  "123456789012": { profile: prod, region: ${REGION} }
  "210987654321": { profile: lab, region: ${REGION} }
defaults: { path: /workbench/, tags: { team: data } }
roles:
  data-scientist:
    accounts: ["123456789012"]
    trust: { subjects: assigned }
    policies:
      postgres: { rdsConnect: { database: demo-cluster, users: [scientist] } }
  analyst:
    trust: { subjects: [alice, bob] }
    policies:
      files: { s3: { bucket: demo-projects, prefix: team-a, access: read-write } }
  auditor:
    trust: { subjects: [carol] }
    managedPolicies: [SecurityAudit]
databases:
  demo-cluster: { account: "123456789012", kind: cluster, iamAuthentication: true, applyImmediately: true }
`

/** A whole spec in two accounts: plan, apply, a second apply that has nothing to do, and the end of it all. */
export async function playSpec(stage: Stage, aws: AwsEmulator, directory: string): Promise<void> {
  await prepare(aws, directory)
  const env = profiles(directory)
  stage.title('4. The same from one file: three roles, two accounts, a database')
  stage.say('What AWS should hold stands in one spec:')
  stage.show('cat provision.yaml', spec)
  const file = join(directory, 'provision.yaml')
  stage.say('The plan reads AWS and changes nothing:')
  await stage.admin(['provision', 'plan', file], { env })
  expectWrites(aws, 0)
  stage.say('Carried out, both accounts at the same time:')
  await stage.admin(['provision', 'apply', file, '--yes', '--reason', 'first roll-out'], { env, shown: 'stderr' })
  stage.say('A second time there is nothing to do:')
  aws.forget()
  await stage.admin(['provision', 'apply', file], { env })
  expectWrites(aws, 0)
  stage.say('It can all be taken away again, but not under the feet of the people who use it:')
  await stage.admin(['provision', 'destroy', file, '--yes'], { env, exitCode: 3, shown: 'stderr' })
  await stage.admin(['provision', 'destroy', file, '--yes', '--force'], { env, shown: 'stderr' })
}

/** Two accounts whose administrators gave us profiles, and a cluster that is there already. */
async function prepare(aws: AwsEmulator, directory: string): Promise<void> {
  writeFileSync(join(directory, 'provision.yaml'), spec)
  const sections = Object.entries(accounts).map(([name, account]) => {
    const { AWS_ACCESS_KEY_ID: key } = awsEnvironment(aws, account)
    return `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`
  })
  writeFileSync(join(directory, 'credentials'), sections.join('\n'), { mode: 0o600 })
  await seedCluster(new AwsReader({ ...awsEnvironment(aws, accounts.prod), AWS_REGION: REGION }), 'demo-cluster')
  aws.forget()
}

function profiles(directory: string): Record<string, string> {
  return { AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials') }
}

function expectWrites(aws: AwsEmulator, count: number): void {
  if (aws.writes.length !== count) throw new Error(`expected ${count} writes to AWS, saw: ${aws.writes.join(', ')}`)
}
