import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { parseRegionOf } from '../iam/region.ts'
import { type RoleArn, roleArnParts } from '../iam/role-arn.ts'
import type { IamSdk } from './clients.ts'
import type { CredentialSearch } from './credential-search.ts'
import { findProfile, profileFiles } from './profile-files.ts'

export interface RegionSearch {
  readonly region: string | null
  readonly profile: string | null
  readonly assumeRole: RoleArn | null
}

export interface ResolvedRegion {
  readonly region: string
  /** False: nobody said any. That will do for IAM, and for nothing that has a region of its own. */
  readonly isRegionConfigured: boolean
}

/** Regions that every account of the partition has; IAM and STS answer there for all of it (botocore, partitions.json). */
const DEFAULT_REGIONS: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
}

/**
 * The region that was named, else that of the profile that was named, else that of the environment, where the SDK finds
 * `AWS_REGION` and the profile of `AWS_PROFILE` and the AWS CLI also knows `AWS_DEFAULT_REGION`. IAM needs none, but its
 * client does.
 *
 * @throws AdminError INVALID_REGION where what the environment or a profile has is no region: its endpoints would not be found
 */
export async function resolveRegion(
  sdk: IamSdk,
  search: CredentialSearch,
  access: RegionSearch,
): Promise<ResolvedRegion> {
  const configured = access.region ?? (await configuredRegion(sdk, search, access.profile))
  return { region: configured ?? defaultRegion(access.assumeRole), isRegionConfigured: configured !== null }
}

async function configuredRegion(sdk: IamSdk, search: CredentialSearch, named: string | null): Promise<string | null> {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE } = search.environment
  const ofNamed = regionOfProfile(search, named)
  if (ofNamed !== null) return checked(`the region of profile ${quote(named ?? '')}`, ofNamed)
  const ambient = await ambientRegion(sdk)
  const place = AWS_REGION ? 'AWS_REGION' : `the region of profile ${quote(AWS_PROFILE || 'default')}`
  if (ambient !== null) return checked(place, ambient)
  return AWS_DEFAULT_REGION ? checked('AWS_DEFAULT_REGION', AWS_DEFAULT_REGION) : null
}

/** Beside regions the SDK knows some that are none (AWS SDK for JavaScript v3, config-resolver, isFipsRegion). */
function checked(place: string, region: string): string {
  return /^fips-|-(fips|global)$/.test(region) ? region : parseRegionOf(place, region)
}

/**
 * As {@link resolveRegion}, for what has a region of its own and needs no credentials.
 *
 * @throws AdminError INVALID_REGION where nobody said any, or one that is none
 */
export async function requireRegion(search: CredentialSearch, access: RegionSearch): Promise<string> {
  const { region, isRegionConfigured } = await resolveRegion(await import('./sdk/iam.ts'), search, access)
  if (!isRegionConfigured) throw unknownRegion()
  return region
}

export function unknownRegion(): AdminError {
  const message = 'no AWS region is configured, and clusters and workgroups have one'
  return new AdminError('INVALID_REGION', `${message}\ngive --region, or set AWS_REGION or "region" of the profile`)
}

function regionOfProfile({ environment, home }: CredentialSearch, profile: string | null): string | null {
  return profile === null ? null : (findProfile(profileFiles(environment, home), profile)?.region ?? null)
}

async function ambientRegion(sdk: IamSdk): Promise<string | null> {
  const client = new sdk.STSClient({})
  try {
    return (await client.config.region()) || null
  } catch {
    return null
  } finally {
    client.destroy()
  }
}

function defaultRegion(role: RoleArn | null): string {
  return DEFAULT_REGIONS[role === null ? 'aws' : roleArnParts(role).partition] ?? 'us-east-1'
}
