/**
 * `npm run demo`: the main job from end to end on this machine. A temporary directory, a real OpenID provider and a
 * local AWS emulator on free loopback ports; all of it is gone afterwards.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsEmulator, awsEnvironment } from '../support/aws-emulator.ts'
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'
import { playSpec } from './spec.ts'
import { Stage } from './stage.ts'

const analyst = 'arn:aws:iam::123456789012:role/analyst'
const onCall = 'arn:aws:iam::123456789012:role/on-call'
const scientist = 'arn:aws:iam::123456789012:role/workbench/data-scientist'

const directory = mkdtempSync(join(tmpdir(), 'admin-demo-'))
leaveNothingBehind()
const [provider, aws] = await Promise.all([
  startProvider(),
  AwsEmulator.start({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' }),
])
try {
  await play(provider, aws)
} finally {
  await Promise.all([provider.stop(), aws.stop()])
}

/** However it ends; the servers and the running command end with this process too. */
function leaveNothingBehind(): void {
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
  // The reader has seen enough, as in `npm run demo | head`.
  process.stdout.on('error', () => process.exit())
}

/** An OpenID provider that knows alice, and says which role she may use. */
function startProvider(): Promise<IdentityProvider> {
  return startIdentityProvider({
    accounts: {
      alice: { preferred_username: 'alice', aws_role_arn: scientist, aws_role_session_name: 'alice@example.com' },
    },
  })
}

async function play(provider: IdentityProvider, aws: AwsEmulator): Promise<void> {
  const config = join(directory, 'config.yaml')
  writeFileSync(config, `sso:\n  issuer: ${provider.issuer}\n  clientId: workbench\n  allowInsecureLoopback: true\n`)
  const stage = new Stage(environment(config, aws), [[`${directory}/`, '']])
  await assign(stage)
  await overrule(stage, provider)
  await provision(stage, aws)
  await playSpec(stage, aws, directory)
  await prove(stage)
  sayHowToGoOn(stage)
}

function environment(config: string, aws: AwsEmulator): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    ...awsEnvironment(aws),
    ADMIN_DATABASE: join(directory, 'admin.db'),
    ADMIN_CONFIG: config,
    ADMIN_CACHE_DIRECTORY: join(directory, 'cache'),
    ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
  }
}

async function assign(stage: Stage): Promise<void> {
  stage.title('1. Say which AWS roles each person may use')
  stage.say('Alice for good, Bob for thirty days:')
  await stage.admin(['set-aws-role-arns', 'alice', `${analyst},${onCall}`, '--reason', 'joined the data team'])
  await stage.admin(['set-aws-role-arns', 'bob', analyst, '--expires', '30d', '--reason', 'project Apollo'])
  await stage.admin(['get-aws-role-arns', 'alice'])
  stage.say('A wrong ARN is refused before anything changes, with its position and the right form:')
  await stage.admin(['set-aws-role-arns', 'bob', `${analyst},arn:aws:sts::123456789012:assumed-role/x/y`], {
    exitCode: 2,
  })
}

async function overrule(stage: Stage, provider: IdentityProvider): Promise<void> {
  stage.title('2. Single sign-on overrules it')
  stage.say(
    `Alice logs in at a real OpenID provider on this machine (${provider.issuer}); this is her ID token at work:`,
  )
  const token = await provider.login('alice')
  await stage.admin(['sso', 'apply-claims', 'alice', '--id-token-file', '-'], { stdin: token, from: 'alice.jwt' })
  stage.say('The claim has replaced what was set by hand:')
  await stage.admin(['get-aws-role-arns', 'alice', '--long'])
  stage.say('From now on single sign-on governs her roles:')
  await stage.admin(['set-aws-role-arns', 'alice', analyst], { exitCode: 3 })
  stage.say('And nobody gets in with a token that was tampered with:')
  const [header, payload, signature] = token.split('.')
  const forged = [
    header,
    Buffer.from(
      Buffer.from(payload ?? '', 'base64url')
        .toString()
        .replace('data-scientist', 'administrator'),
    ).toString('base64url'),
    signature,
  ]
  await stage.admin(['sso', 'apply-claims', 'alice', '--id-token-file', '-'], {
    stdin: forged.join('.'),
    from: 'forged.jwt',
    exitCode: 9,
  })
}

async function provision(stage: Stage, aws: AwsEmulator): Promise<void> {
  const issuer = ['--issuer', 'https://sso.example.com/realm', '--client-id', 'workbench']
  const role = [
    'provision',
    'web-identity-role',
    'on-call',
    ...issuer,
    '--subject',
    'alice',
    '--max-session-duration',
    '4h',
  ]
  stage.title('3. Make AWS agree (a local AWS emulator; nothing real is touched)')
  stage.say('AWS takes https issuers only, so this is one by name. First the plan alone:')
  await stage.admin(['provision', 'oidc-provider', ...issuer, '--dry-run'])
  stage.say('Then the provider and a role that alice may assume with her ID token:')
  await stage.admin(['provision', 'oidc-provider', ...issuer])
  await stage.admin(role)
  stage.say('A second time there is nothing to do:')
  aws.forget()
  await stage.admin(role)
  stage.say(`(requests that AWS saw: ${aws.actions.join(', ')}; of them writes: ${aws.writes.length})`)
  if (aws.writes.length > 0) throw new Error(`the second run wrote to AWS: ${aws.writes.join(', ')}`)
}

async function prove(stage: Stage): Promise<void> {
  stage.title('5. Who could do what, when, and why')
  stage.say('Newest first; each call that changed AWS has one event before it and one after it:')
  await stage.admin(['audit', 'log', '--limit', '8'])
  stage.say('What became of people and their roles; the refused login is there too:')
  await stage.admin(['audit', 'log', '--action', 'set', '--action', 'sso-login', '--action', 'sso-refused'])
  await stage.admin(['audit', 'verify'])
}

function sayHowToGoOn(stage: Stage): void {
  stage.title('That was the main job. With a real server and a real account:')
  stage.say(`  npm run setup && sudo packaging/install.sh          install it
  sudo admin set-aws-role-arns USER ARN[,ARN…]         the store is made at first use
  sudo admin config from-workbench --output /etc/admin/config.yaml && sudo admin sso check
  admin provision init && admin provision plan provision.yaml
  admin --help`)
}
