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
import type { SpecGrant } from './spec/spec.ts'

/**
 * The policy that a grant of the spec means in this account. Names that policies cannot use are resolved by asking AWS.
 *
 * @throws AdminError NOT_FOUND_DATABASE, REFUSED_WRONG_ACCOUNT
 */
export async function grantDocument(account: AwsAccount, grant: SpecGrant): Promise<PolicyDocument> {
  const place: PolicyPlace = { ...account.identity, region: account.region }
  switch (grant.kind) {
    case 'rdsConnect': {
      const database = await resolveDatabase(account, grant.database)
      return rdsConnectPolicy({ ...place, region: regionOf(database) }, { ...database, users: grant.users })
    }
    case 's3':
      return s3Policy(place, grant)
    case 'redshift':
      return redshiftPolicy(place, grant)
    case 'redshiftServerless':
      return redshiftServerlessPolicy(place, { workgroupId: await workgroupId(account, grant.workgroup) })
    case 'athena':
      return athenaPolicy(place, grant)
    case 'document':
      // The spec's reader found nothing in it that IAM would refuse.
      return grant.document as unknown as PolicyDocument
  }
}

/**
 * The database that is meant, by Describe: policies name its resource id, which nothing else tells.
 *
 * @throws AdminError NOT_FOUND_DATABASE, REFUSED_WRONG_ACCOUNT
 */
export async function resolveDatabase(account: AwsAccount, text: string): Promise<ObservedDatabase> {
  const reference = parseDatabaseReference(text)
  if (reference.by === 'arn' && reference.accountId !== account.identity.accountId) {
    const message = `the database ${quote(text)} is in account ${reference.accountId}, you act in ${account.identity.accountId}; IAM authentication does not work across accounts`
    throw new AdminError('REFUSED_WRONG_ACCOUNT', message, { details: { database: text } })
  }
  const found = await lookUp(account, reference)
  const isMeant = found !== null && (reference.by !== 'endpoint' || found.endpoints.includes(reference.host))
  if (isMeant) return found
  throw missing(account, reference, text)
}

async function lookUp(account: AwsAccount, reference: DatabaseReference): Promise<ObservedDatabase | null> {
  const { identifier } = reference
  if (reference.by !== 'identifier') return account.describeDatabase(reference.kind, identifier, reference.region)
  const kinds: readonly DatabaseKind[] = ['cluster', 'instance', 'proxy']
  for (const kind of kinds) {
    const database = await account.describeDatabase(kind, identifier)
    // An instance of a cluster is reached through the resource id of the cluster (Aurora user guide, "Creating and
    // using an IAM policy for IAM database access").
    if (database?.cluster) return account.describeDatabase('cluster', database.cluster)
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
