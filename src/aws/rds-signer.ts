import { toInstant } from '../clock.ts'
import type { OpenRdsSigner } from '../databases/rds-token.ts'
import type { CredentialSearch } from './credential-search.ts'
import { refuseBadEndpoints } from './endpoints.ts'
import { signingCredentials } from './signing-credentials.ts'

/**
 * The signer of AWS (`@aws-sdk/rds-signer`), with credentials that were looked for here: left to itself it signs with
 * expired ones too, and does not say until when they are good.
 */
export function rdsSigner(search: CredentialSearch, profile: string | null): OpenRdsSigner {
  return async (region) => {
    refuseBadEndpoints(search.environment)
    const { credentials, expiration, source } = await signingCredentials(search, profile, region)
    return {
      credentialsExpireAt: expiration === null ? null : toInstant(expiration),
      isTemporary: credentials.sessionToken !== undefined,
      source,
      async sign({ signHost: hostname, signPort: port }, username) {
        const { Signer } = await import('./sdk/rds-signer.ts')
        return new Signer({ hostname, port, username, region, credentials }).getAuthToken()
      },
    }
  }
}
