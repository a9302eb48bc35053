import { type SdkAccount, sdkAccount } from './account.ts'
import type { OnAttemptFailed } from './attempts.ts'
import { askWhoActs } from './caller-identity.ts'
import { type Clients, type Credentials, clientsOf, type IamSdk, type Opening } from './clients.ts'
import type { CredentialSearch } from './credential-search.ts'
import { type AccountAccess, findCredentials } from './credentials.ts'
import { refuseBadEndpoints } from './endpoints.ts'
import { httpAgents } from './http-agents.ts'
import { resolveRegion } from './region.ts'

export interface OpenAccount {
  readonly account: SdkAccount
  /** Where the credentials come from, as `profile prod`; `null` where the SDK does not say. */
  readonly credentialSource: string | null
  readonly close: () => void
}

const ATTEMPTS = 6

/**
 * The one factory of AWS clients: ambient credentials (environment, profile, web identity, container, instance), those of
 * a named profile, or a role assumed with either, checked with `GetCallerIdentity` before anything else.
 * `AWS_ENDPOINT_URL` is honoured by every client, those that fetch credentials included. Retries are adaptive;
 * `AWS_RETRY_MODE` and `AWS_MAX_ATTEMPTS` overrule that.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS, INVALID_CONFIG
 */
export async function openAccount(
  search: CredentialSearch,
  access: AccountAccess,
  onAttemptFailed: OnAttemptFailed = () => {},
): Promise<OpenAccount> {
  const { clients, opening, credentials, credentialSource, close } = await openClients(search, access, onAttemptFailed)
  try {
    return { account: sdkAccount(clients, await askWhoActs(opening, credentials)), credentialSource, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Clients of an account of which nobody has asked yet whose it is. */
export interface OpenClients {
  readonly clients: Clients
  readonly opening: Opening
  readonly credentials: Credentials
  readonly credentialSource: string | null
  readonly close: () => void
}

/**
 * As {@link openAccount}, for what only reads and may do without the question who acts.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS, INVALID_CONFIG
 */
export async function openClients(
  search: CredentialSearch,
  access: AccountAccess,
  onAttemptFailed: OnAttemptFailed = () => {},
): Promise<OpenClients> {
  const { environment } = search
  refuseBadEndpoints(environment)
  // AWS SDK for JavaScript v3: silences its notice about versions of Node.js to come.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const sdk: IamSdk = await import('./sdk/iam.ts')
  const { close, requestHandler } = httpAgents(environment)
  const { region, isRegionConfigured } = await resolveRegion(sdk, search, access)
  const settings = { ...retries(environment), ...profileOf(access), logger: silence, region, requestHandler }
  const opening = { sdk, settings, isRegionConfigured, onAttemptFailed }
  try {
    const { credentials, source } = await findCredentials(opening, search, access)
    return { clients: clientsOf(opening, credentials), opening, credentials, credentialSource: source, close }
  } catch (error) {
    close()
    throw error
  }
}

/** The settings of a profile that is named hold for all clients: its endpoints and the like. */
function profileOf({ profile }: AccountAccess) {
  return profile === null ? {} : { profile }
}

function retries(environment: NodeJS.ProcessEnv) {
  return {
    ...(environment.AWS_RETRY_MODE === undefined && { retryMode: 'adaptive' }),
    ...(environment.AWS_MAX_ATTEMPTS === undefined && { maxAttempts: ATTEMPTS }),
  }
}

/** The SDK writes its warnings to stderr unless somebody else takes them. */
const silence = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
