import { type CredentialSearch, explainCredentialFailure } from './credential-search.ts'
import { credentialSource } from './credential-source.ts'
import type { HttpAgents } from './http-agents.ts'

/** What a signature is made with; the keys are secrets. */
export interface SigningCredentials {
  readonly credentials: Keys
  /** `null` where they do not say. */
  readonly expiration: Date | null
  readonly source: string | null
}

interface Fetching {
  readonly clientConfig: Pick<ReturnType<typeof agentsWhenNeeded>, 'requestHandler'>
  readonly logger: typeof silence
}

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * Fetches credentials anew, those of a named profile or the ambient ones, without the clients that talk to AWS: most
 * sources need none. Those of a named profile never fall back on others.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS
 */
export async function signingCredentials(
  search: CredentialSearch,
  profile: string | null,
  region: string,
): Promise<SigningCredentials> {
  // AWS SDK for JavaScript v3: silences its notice about versions of Node.js to come.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const { requestHandler, close } = agentsWhenNeeded(search.environment)
  const provider = await sourceOf({ clientConfig: { requestHandler }, logger: silence }, search.environment, profile)
  try {
    const found = await provider({ callerClientConfig: { region: async () => region } })
    const source = credentialSource(found, search.environment, profile)
    return { credentials: keysOf(found), expiration: endOf(found), source }
  } catch (error) {
    throw explainCredentialFailure(error, search, profile, region)
  } finally {
    close()
  }
}

/** Keys in the environment come first unless a profile is named (AWS SDK for JavaScript v3, defaultProvider). */
async function sourceOf(fetching: Fetching, environment: NodeJS.ProcessEnv, profile: string | null) {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment
  if (profile === null && !AWS_PROFILE && AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return (await import('./sdk/environment-keys.ts')).fromEnv(fetching)
  const { fromIni, fromNodeProviderChain } = await import('./sdk/credential-chain.ts')
  return profile === null ? fromNodeProviderChain(fetching) : fromIni({ ...fetching, profile })
}

/** Node's HTTP is loaded for the sources alone that ask somebody. The SDK takes a promise of options, too. */
function agentsWhenNeeded(environment: NodeJS.ProcessEnv) {
  let agents: HttpAgents | undefined
  const requestHandler = async () => {
    const { httpAgents } = await import('./http-agents.ts')
    agents ??= httpAgents(environment)
    return agents.requestHandler
  }
  return { requestHandler: Object.assign(requestHandler, {}), close: () => agents?.close() }
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: Keys): Keys {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}

/**
 * Where the metadata service of an instance is out of order, the SDK puts off the end of what it has, and keeps the true
 * one as `originalExpiration` (AWS SDKs and tools reference guide, "Static stability").
 */
function endOf(found: { expiration?: Date; originalExpiration?: Date }): Date | null {
  const end = found.originalExpiration ?? found.expiration
  return end === undefined || Number.isNaN(end.getTime()) ? null : end
}

/** The SDK writes its warnings to stderr unless somebody else takes them. */
const silence = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
