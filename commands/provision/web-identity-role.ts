import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { describeNextStep } from '../../src/cli/describe-plan.ts'
import { parseReason } from '../../src/cli/flags.ts'
import { optionally, parseAll } from '../../src/cli/parse-all.ts'
import { ProvisionCommand, provisionFlags } from '../../src/cli/provision-command.ts'
import { parseAccountId } from '../../src/iam/account-id.ts'
import { parseClientId } from '../../src/iam/client-id.ts'
import { parseTrustedIssuer } from '../../src/iam/oidc-provider.ts'
import { parsePolicyArn, parsePolicyArns } from '../../src/iam/policy-arn.ts'
import { parseRoleName, parseRolePath } from '../../src/iam/role-name.ts'
import { parseRoleDescription, parseSessionDuration } from '../../src/iam/role-settings.ts'
import { parseSubjects } from '../../src/iam/subject.ts'
import { COMMAND_LINE_SPEC } from '../../src/provisioning/ownership.ts'
import { planResources } from '../../src/provisioning/provision.ts'
import { webIdentityRole } from '../../src/provisioning/resources/web-identity-role.ts'

export default class ProvisionWebIdentityRole extends ProvisionCommand {
  static override summary = 'Make a role that people assume with their ID token.'
  static override description =
    `Creates the role in the account of the AWS credentials, or changes an existing one in place; it is never deleted and made anew. Run again, it changes nothing.

What a flag says is made exactly so: --policy names all managed policies that the role has. What no flag mentions stays as it is. The trust policy is always that of issuer, client id and subjects: without --subject every user of the client can assume the role, and a role that was for some of them is opened only with --any-subject.
A role that this command did not make is refused, unless --adopt.`
  static override examples = [
    '<%= config.bin %> provision web-identity-role analyst --issuer https://sso.example.com --client-id workbench --subject alice --dry-run',
    '<%= config.bin %> provision web-identity-role data-scientist --issuer https://sso.example.com --client-id workbench --subject alice --subject bob --path /workbench/ --max-session-duration 4h --description "Data scientists"',
    '<%= config.bin %> provision web-identity-role reader --issuer https://sso.example.com --client-id workbench --subject alice --policy none --account 123456789012 --json',
  ]
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'the name of the role' }),
  }
  static override flags = {
    issuer: Flags.string({ required: true, description: 'the issuer, as the iss claim has it', helpValue: 'URL' }),
    'client-id': Flags.string({
      required: true,
      description: 'the client id of the server at the identity provider',
      helpValue: 'ID',
    }),
    subject: Flags.string({
      multiple: true,
      description: 'a sub claim that may assume the role; may be repeated; none: every user of the client',
      helpValue: 'SUB',
    }),
    'any-subject': Flags.boolean({
      exclusive: ['subject'],
      description: 'let every user of the client assume a role that was for some of them',
    }),
    policy: Flags.string({
      multiple: true,
      description: 'a managed policy to attach; may be repeated; "none" detaches all',
      helpValue: 'ARN',
    }),
    path: Flags.string({
      description: 'where the role stands, as /workbench/; cannot be changed later',
      helpValue: 'PATH',
    }),
    'permissions-boundary': Flags.string({
      description: 'the most that the role may ever do, as a managed policy; "none" removes it',
      helpValue: 'ARN',
    }),
    'max-session-duration': Flags.string({
      description: 'how long a session may last: 1h to 12h',
      helpValue: 'DURATION',
    }),
    description: Flags.string({ description: 'what the role is for', helpValue: 'TEXT' }),
    adopt: Flags.boolean({ description: 'take over a role that something else made' }),
    ...provisionFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionWebIdentityRole)
    const {
      account: expected,
      reason: _,
      ...wanted
    } = parseAll({
      name: () => parseRoleName(args.name),
      issuer: () => parseTrustedIssuer(flags.issuer),
      clientIds: () => [parseClientId(flags['client-id'])],
      subjects: () => optionally(flags.subject, parseSubjects) ?? 'any',
      managedPolicies: () => optionally(flags.policy, (arns) => (arns.join() === 'none' ? [] : parsePolicyArns(arns))),
      path: () => optionally(flags.path, parseRolePath),
      permissionsBoundary: () =>
        optionally(flags['permissions-boundary'], (arn) => (arn === 'none' ? null : parsePolicyArn(arn))),
      maxSessionSeconds: () => optionally(flags['max-session-duration'], parseSessionDuration),
      description: () => optionally(flags.description, parseRoleDescription),
      account: () => optionally(flags.account, parseAccountId),
      reason: () => parseReason(flags.reason),
    })
    await this.withAccount(expected, (account, accounts) =>
      this.assignedUsers(flags, async (assignedUsers) => {
        const role = webIdentityRole({
          ...ownRole,
          adopt: flags.adopt,
          mayOpen: flags['any-subject'],
          ...wanted,
          assignedUsers,
        })
        const plan = await planResources(COMMAND_LINE_SPEC, account, [role])
        const result = await this.carryOut(plan, accounts, flags)
        if (result?.summary.failed === 0 && !flags.json) this.show(plan, flags, describeNextStep)
      }),
    )
  }
}

/** What this command never asks for stays as it is; the provider is another command's. */
const ownRole = {
  spec: COMMAND_LINE_SPEC,
  inlinePolicies: undefined,
  upcomingPolicies: [],
  tags: {},
  provider: null,
  dependsOn: [],
}
