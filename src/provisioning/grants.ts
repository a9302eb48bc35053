import { AdminError } from '../errors.ts'
import { type DatabaseReference, parseDatabaseReference } from '../iam/database-reference.ts'
import { athenaPolicy } from '../iam/policies/athena-policy.ts'
import type { PolicyPlace } from '../iam/policies/policy-place.ts'
import { rdsConnectPolicy } from '../iam/policies/rds-connect-policy.ts'
import { redshiftPolicy } from '../iam/policies/redshift-policy.ts'
import { redshiftServerlessPolicy } from '../iam/policies/redshift-serverless-policy.ts'
import { s3Policy } from '../iam/policies/s3-policy.ts'
import type { PolicyDocument } from '../iam/policy-document.ts'
import { quote } from '../iam/quote.ts'
import type { AwsAccount, DatabaseKind, ObservedDatabase } from './aws-port.ts'
import { placeOf } from './place.ts'
import type { NamedPolicy } from './resources/role-policies.ts'
import type { SpecGrant } from './spec/spec.ts'

/**
 * The policy that a grant of the spec means in this account. Names that policies cannot use are resolved by asking AWS.
 *
 * @throws AdminError NOT_FOUND_DATABASE, REFUSED_WRONG_ACCOUNT
 */
export async function grantDocument(account: AwsAccount, grant: SpecGrant): Promise<PolicyDocument> {
  switch (grant.kind) {
    case 'rdsConnect': {
      const database = await resolveDatabase(account, grant.database)
      const place = { ...account.identity, region: regionOf(database) }
      return rdsConnectPolicy(place, { ...database, users: grant.users })
    }
    case 's3':
      return s3Policy(account.identity, grant)
    case 'redshift':
      return redshiftPolicy(placeOf(account), grant)
    case 'redshiftServerless':
      return redshiftServerlessPolicy(placeOf(account), { workgroupId: await workgroupId(account, grant.workgroup) })
    case 'athena':
      return athenaPolicy(placeOf(account), grant)
    case 'document':
      // The spec's reader found nothing in it that IAM would refuse.
      return grant.document as unknown as PolicyDocument
  }
}

/**
 * The policy of one database, named after it, region and kind included: a proxy often has the identifier of what is
 * behind it, a replica that of its source.
 *
 * @throws AdminError NOT_FOUND_DATABASE, REFUSED_WRONG_ACCOUNT
 */
export async function rdsConnectGrant(
  account: AwsAccount,
  database: string,
  users: readonly string[],
): Promise<NamedPolicy> {
  const found = await resolveDatabase(account, database)
  const place: PolicyPlace = { ...account.identity, region: regionOf(found) }
  const name = `rds-connect-${place.region}-${found.kind}-${found.identifier}`
  return { name, document: rdsConnectPolicy(place, { ...found, users }) }
}

/**
 * The database that is meant, by Describe: policies name its resource id, which nothing else tells.
 *
 * @throws AdminError NOT_FOUND_DATABASE, REFUSED_WRONG_ACCOUNT
 */
async function resolveDatabase(
  account: AwsAccount,
  text: string,
  lookUp: typeof lookUpAsNamed = lookUpForPolicy,
): Promise<ObservedDatabase> {
  const reference = parseDatabaseReference(text)
  if (reference.by === 'arn' && reference.accountId !== account.identity.accountId) {
    const message = `the database ${quote(text)} is in account ${reference.accountId}, you act in ${account.identity.accountId}; IAM authentication does not work across accounts`
    throw new AdminError('REFUSED_WRONG_ACCOUNT', message, { details: { database: text } })
  }
  const found = await lookUp(account, reference)
  if (found !== null) return found
  throw missing(account, reference, text)
}

/**
 * The cluster or instance that is meant. Unlike for policies, an instance of a cluster stays one here, to be refused
 * with the cluster's name.
 *
 * @throws AdminError NOT_FOUND_DATABASE, REFUSED_ENGINE for a proxy, REFUSED_WRONG_ACCOUNT
 */
export async function databaseToModify(
  account: AwsAccount,
  text: string,
): Promise<ObservedDatabase & { readonly kind: 'cluster' | 'instance' }> {
  const database = await resolveDatabase(account, text, lookUpAsNamed)
  const { kind } = database
  if (kind !== 'proxy') return { ...database, kind }
  const message = `${quote(text)} is a proxy, which has its own setting of authentication; name the database behind it`
  throw new AdminError('REFUSED_ENGINE', message, { details: { database: text } })
}

async function lookUpForPolicy(account: AwsAccount, reference: DatabaseReference): Promise<ObservedDatabase | null> {
  const database = await lookUpAsNamed(account, reference)
  // An instance of a cluster is reached through the resource id of the cluster (Aurora user guide, "Creating and
  // using an IAM policy for IAM database access").
  if (!database?.cluster) return database
  return account.describeDatabase('cluster', database.cluster, regionOf(database))
}

async function lookUpAsNamed(account: AwsAccount, reference: DatabaseReference): Promise<ObservedDatabase | null> {
  const { identifier } = reference
  if (reference.by === 'arn') return account.describeDatabase(reference.kind, identifier, reference.region)
  if (reference.by === 'endpoint') {
    const database = await account.describeDatabase(reference.kind, identifier, reference.region)
    // A host name begins with the identifier, but the identifier may have been given to another database since.
    return database?.endpoints.includes(reference.host) ? database : null
  }
  const kinds: readonly DatabaseKind[] = ['cluster', 'instance', 'proxy']
  for (const kind of kinds) {
    const database = await account.describeDatabase(kind, identifier)
    if (database !== null) return database
  }
  return null
}

function missing({ identity, region }: AwsAccount, reference: DatabaseReference, text: string): AdminError {
  const place = reference.by === 'identifier' ? region : reference.region
  const what = reference.by === 'identifier' ? 'cluster, instance or proxy' : reference.kind
  return new AdminError(
    'NOT_FOUND_DATABASE',
    `there is no database ${what} ${quote(text)} in account ${identity.accountId}, region ${place}`,
    { details: { database: text, accountId: identity.accountId, region: place } },
  )
}

/** The ARN says where it is; the account's own region is only where we looked first. */
function regionOf({ arn }: ObservedDatabase): string {
  return arn.split(':')[3] ?? ''
}

async function workgroupId(account: AwsAccount, name: string): Promise<string> {
  const id = await account.getWorkgroupId(name)
  if (id !== null) return id
  const { identity, region } = account
  throw new AdminError(
    'NOT_FOUND_DATABASE',
    `there is no Redshift Serverless workgroup ${quote(name)} in account ${identity.accountId}, region ${region}`,
    { details: { workgroup: name, accountId: identity.accountId, region } },
  )
}
