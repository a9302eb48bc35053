import type { Command } from '@oclif/core'

interface CommandModule {
  readonly default: Command.Class
}

/** Every command and how to load it. Only the one that runs is loaded. */
export const commandLoaders: Readonly<Record<string, () => Promise<CommandModule>>> = {
  'audit:assignments': () => import('../../commands/audit/assignments.ts'),
  'audit:expiring': () => import('../../commands/audit/expiring.ts'),
  'audit:head': () => import('../../commands/audit/head.ts'),
  'audit:log': () => import('../../commands/audit/log.ts'),
  'audit:never-used': () => import('../../commands/audit/never-used.ts'),
  'audit:orphans': () => import('../../commands/audit/orphans.ts'),
  'audit:report': () => import('../../commands/audit/report.ts'),
  'audit:verify': () => import('../../commands/audit/verify.ts'),
  'audit:who-has': () => import('../../commands/audit/who-has.ts'),
  'config:from-workbench': () => import('../../commands/config/from-workbench.ts'),
  'explain-error': () => import('../../commands/explain-error.ts'),
  'export-aws-role-arns': () => import('../../commands/export-aws-role-arns.ts'),
  'get-aws-role-arns': () => import('../../commands/get-aws-role-arns.ts'),
  'import-aws-role-arns': () => import('../../commands/import-aws-role-arns.ts'),
  'provision:apply': () => import('../../commands/provision/apply.ts'),
  'provision:destroy': () => import('../../commands/provision/destroy.ts'),
  'provision:enable-iam-database-authentication': () =>
    import('../../commands/provision/enable-iam-database-authentication.ts'),
  'provision:init': () => import('../../commands/provision/init.ts'),
  'provision:oidc-provider': () => import('../../commands/provision/oidc-provider.ts'),
  'provision:permissions': () => import('../../commands/provision/permissions.ts'),
  'provision:plan': () => import('../../commands/provision/plan.ts'),
  'provision:rds-connect-policy': () => import('../../commands/provision/rds-connect-policy.ts'),
  'provision:web-identity-role': () => import('../../commands/provision/web-identity-role.ts'),
  'rds:connect': () => import('../../commands/rds/connect.ts'),
  'rds:grant': () => import('../../commands/rds/grant.ts'),
  'rds:token': () => import('../../commands/rds/token.ts'),
  'redshift:credentials': () => import('../../commands/redshift/credentials.ts'),
  'redshift:url': () => import('../../commands/redshift/url.ts'),
  'session:credentials': () => import('../../commands/session/credentials.ts'),
  'session:end': () => import('../../commands/session/end.ts'),
  'session:env': () => import('../../commands/session/env.ts'),
  'session:list': () => import('../../commands/session/list.ts'),
  'set-aws-role-arns': () => import('../../commands/set-aws-role-arns.ts'),
  'sso:apply-claims': () => import('../../commands/sso/apply-claims.ts'),
  'sso:check': () => import('../../commands/sso/check.ts'),
  'sso:login': () => import('../../commands/sso/login.ts'),
  'sso:refresh': () => import('../../commands/sso/refresh.ts'),
  'sso:rehearse': () => import('../../commands/sso/rehearse.ts'),
  'store:backup': () => import('../../commands/store/backup.ts'),
  'store:copy': () => import('../../commands/store/copy.ts'),
  'store:migrate': () => import('../../commands/store/migrate.ts'),
  'store:status': () => import('../../commands/store/status.ts'),
  'unset-aws-role-arns': () => import('../../commands/unset-aws-role-arns.ts'),
}
