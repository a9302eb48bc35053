import { filledListOf, listOf, optional, parsed, type Reader, whole } from '../../config/yaml-readers.ts'
import { MOST_CLIENT_IDS, parseClientId } from '../../iam/client-id.ts'
import { isBuiltIn, parseTrustedIssuer } from '../../iam/oidc-provider.ts'
import { MOST_THUMBPRINTS, parseThumbprint } from '../../iam/thumbprint.ts'
import type { SpecIdentityProvider } from './spec.ts'

/** The section `identityProvider`: who signs the ID tokens that roles trust, and for whom. */
export const readIdentityProvider: Reader<SpecIdentityProvider> = (at) => {
  const fields = at.fields('issuer', 'clientIds', 'thumbprints')
  if (fields === undefined) return undefined
  const provider = whole<SpecIdentityProvider>({
    issuer: parsed(parseTrustedIssuer)(fields.issuer),
    clientIds: atMost(MOST_CLIENT_IDS, filledListOf(parsed(parseClientId)))(fields.clientIds),
    thumbprints: optional(fields.thumbprints, atMost(MOST_THUMBPRINTS, listOf(parsed(parseThumbprint))), []),
  })
  if (provider !== undefined && isBuiltIn(provider.issuer) && provider.thumbprints.length > 0)
    fields.thumbprints.report(' has no place here: AWS knows that issuer by itself')
  return provider
}

function atMost<T>(most: number, read: Reader<readonly T[]>): Reader<readonly T[]> {
  return (at) => {
    const list = read(at)
    return list !== undefined && list.length > most
      ? at.report(` has ${list.length} elements, IAM allows ${most}`)
      : list
  }
}
