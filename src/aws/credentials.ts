import type { RoleArn } from '../iam/role-arn.ts'
import { assumeRole } from './assume-role.ts'
import { type Credentials, type Opening, stsClient } from './clients.ts'
import { type CredentialSearch, explainCredentialFailure } from './credential-search.ts'
import { credentialSource } from './credential-source.ts'

/** How to get into an account. With all of it `null`: with the ambient credentials. */
export interface AccountAccess {
  readonly profile: string | null
  /** Assumed with the credentials of the profile, or with the ambient ones. */
  readonly assumeRole: RoleArn | null
  readonly externalId: string | null
  /** `null`: that of the profile, of the environment, or any. */
  readonly region: string | null
  /** Who acts here: it names the session of an assumed role, for CloudTrail. */
  readonly actor: string
}

export interface FoundCredentials {
  readonly credentials: Credentials
  readonly source: string | null
}

/**
 * Fetches them before the first request, so that what fails here is known to be a matter of credentials. They are
 * remembered, and fetched anew before they expire.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS
 */
export async function findCredentials(
  opening: Opening,
  search: CredentialSearch,
  access: AccountAccess,
): Promise<FoundCredentials> {
  const found = await baseCredentials(opening, search, access.profile)
  const { assumeRole: role } = access
  return role === null ? found : assumeRole(opening, found, { ...access, role })
}

/** Those of a named profile never fall back on others. */
async function baseCredentials(
  opening: Opening,
  search: CredentialSearch,
  profile: string | null,
): Promise<FoundCredentials> {
  const { sdk, settings } = opening
  const { logger, region, requestHandler } = settings
  const fetching = { clientConfig: { requestHandler }, logger }
  const provider = profile === null ? sdk.fromNodeProviderChain(fetching) : sdk.fromIni({ ...fetching, profile })
  const { credentials } = stsClient(opening, provider).config
  try {
    return { credentials, source: credentialSource(await credentials(), search.environment, profile) }
  } catch (error) {
    throw explainCredentialFailure(error, search, profile, region)
  }
}
