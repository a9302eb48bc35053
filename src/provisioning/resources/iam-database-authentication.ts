import { AdminError } from '../../errors.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import type { AwsAccount, ObservedDatabase } from '../aws-port.ts'
import type { Call } from '../plan.ts'
import { type PlannedChange, type Resource, toChange } from '../resource.ts'

export interface DatabaseAuthenticationRequest {
  readonly kind: 'cluster' | 'instance'
  readonly identifier: string
  readonly isEnabled: boolean
  /** Now, with whatever else is pending, and not in the next maintenance window. */
  readonly applyImmediately: boolean
}

const FIELD = 'iamDatabaseAuthentication'
/** Its name among what is pending (RDS API reference, PendingModifiedValues). */
const PENDING = 'IAMDatabaseAuthenticationEnabled'

/** Whether people may log in to a cluster or an instance with IAM tokens. Changed in place; the database itself is not ours. */
export function iamDatabaseAuthentication(request: DatabaseAuthenticationRequest): Resource {
  return {
    kind: 'iam-database-authentication',
    name: request.identifier,
    dependsOn: [],
    async plan(account) {
      const database = await findDatabase(account, request)
      refuseMember(database, request)
      if (request.isEnabled) await refuseUnsupported(account, database)
      return planAuthentication(account, database, request)
    },
  }
}

async function findDatabase(
  account: AwsAccount,
  { kind, identifier }: Pick<DatabaseAuthenticationRequest, 'kind' | 'identifier'>,
): Promise<ObservedDatabase> {
  const database = await account.describeDatabase(kind, identifier)
  if (database !== null) return database
  const { identity, region } = account
  const message = `there is no database ${kind} ${quote(identifier)} in account ${identity.accountId}, region ${region}`
  throw new AdminError('NOT_FOUND_DATABASE', message, {
    details: { kind, identifier, accountId: identity.accountId, region },
  })
}

function planAuthentication(
  account: AwsAccount,
  database: ObservedDatabase,
  { isEnabled, applyImmediately }: DatabaseAuthenticationRequest,
): PlannedChange {
  const { identifier, arn, iamAuthentication: isOn, pending, status } = database
  // What it will be without us: where that is right, there is nothing to do but to be faster.
  const willBeOn = pending[PENDING] ?? isOn
  // At rest it waits for its window; at work it is being changed already.
  const canBeFaster = applyImmediately && isOn !== isEnabled && status === 'available'
  const isDue = willBeOn !== isEnabled || canBeFaster
  const difference = {
    fields: [{ path: FIELD, before: !isEnabled, after: isEnabled }],
    calls: [modification(database, isEnabled, applyImmediately)],
  }
  return {
    arn,
    change: toChange(
      account,
      { kind: 'iam-database-authentication', name: identifier, exists: true },
      isDue ? [difference] : [],
    ),
    warnings: [
      ...(isOn !== isEnabled && !applyImmediately ? [windowWarning(database, isDue)] : []),
      ...(isDue && applyImmediately ? sideEffects(database) : []),
    ],
  }
}

function modification({ kind, identifier }: ObservedDatabase, isEnabled: boolean, applyImmediately: boolean): Call {
  const settings = { EnableIAMDatabaseAuthentication: isEnabled, ApplyImmediately: applyImmediately }
  return kind === 'cluster'
    ? { service: 'rds', operation: 'ModifyDBCluster', input: { DBClusterIdentifier: identifier, ...settings } }
    : { service: 'rds', operation: 'ModifyDBInstance', input: { DBInstanceIdentifier: identifier, ...settings } }
}

function windowWarning({ identifier }: ObservedDatabase, isDue: boolean): string {
  const verb = isDue ? 'will wait' : 'waits'
  return `${quote(identifier)}: the change ${verb} for the next maintenance window; --apply-immediately, or applyImmediately: true in a spec, does it now`
}

/** RDS API reference, ModifyDBInstance, ApplyImmediately: all that is pending is applied with it. */
function sideEffects({ identifier, pending }: ObservedDatabase): readonly string[] {
  const others = Object.entries(pending).filter(([name]) => name !== PENDING)
  if (others.length === 0) return []
  const list = others.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')
  return [`${quote(identifier)}: applying immediately also applies what else is pending: ${list}`]
}

/** RDS API reference, ModifyDBInstance, EnableIAMDatabaseAuthentication: in Aurora the cluster has the setting. */
function refuseMember(
  database: ObservedDatabase,
  { isEnabled, applyImmediately }: DatabaseAuthenticationRequest,
): void {
  const { cluster } = database
  if (cluster === null) return
  const flags = `${isEnabled ? '' : ' --disable'}${applyImmediately ? ' --apply-immediately' : ''}`
  throw refusal(database, `is in the cluster ${quote(cluster)}, which decides for all its instances`, [
    `admin provision enable-iam-database-authentication ${shellQuote(cluster)}${flags}`,
  ])
}

const NEVER = /^(custom-|db2-|oracle-|sqlserver-)/

/**
 * Amazon RDS user guide, "Supported Regions and DB engines for IAM database authentication"; Aurora user guide,
 * "IAM database authentication".
 *
 * @throws AdminError REFUSED_ENGINE
 */
async function refuseUnsupported(account: AwsAccount, database: ObservedDatabase): Promise<void> {
  const { identifier, engine, engineVersion, engineMode, instanceClass } = database
  if (NEVER.test(engine)) throw refusal(database, `has the engine ${engine}, which has no IAM authentication`)
  if (engineMode === 'serverless')
    throw refusal(database, 'is Aurora Serverless v1, which has no IAM authentication; v2 has')
  if (database.kind !== 'instance' || database.iamAuthentication) return
  if ((await account.supportsIamAuthentication(database)) !== false) return
  const what = `${engine} ${engineVersion} on ${instanceClass ?? 'its class'}`
  throw refusal(database, `runs ${what}, which has no IAM authentication in region ${account.region}`, [
    `aws rds describe-orderable-db-instance-options --engine ${engine} --query 'OrderableDBInstanceOptions[?SupportsIAMDatabaseAuthentication].[EngineVersion,DBInstanceClass]'`,
    `aws rds describe-db-instances --db-instance-identifier ${shellQuote(identifier)}`,
  ])
}

function refusal({ kind, identifier, engine }: ObservedDatabase, why: string, suggestions: readonly string[] = []) {
  return new AdminError('REFUSED_ENGINE', `the database ${kind} ${quote(identifier)} ${why}`, {
    suggestions,
    details: { kind, identifier, engine },
  })
}
