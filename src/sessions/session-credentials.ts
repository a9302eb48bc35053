import type { AssignmentReader } from '../assignments/assignment-store.ts'
import type { Clock, Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { isJsonObject } from '../iam/json-object.ts'
import { type ChosenRole, chooseRole, type RoleRequest } from './choose-role.ts'
import type { CredentialCache, Expiring } from './credential-cache.ts'
import type { SessionCredentials, StsRefusal, WebIdentityAnswer, WebIdentityRequest } from './web-identity.ts'

export const SESSION_KIND = 'session'

/** Those who ask get credentials that are good for so much longer at least. */
const MARGIN_SECONDS = 300

/** On what credentials of a session depend; the names that {@link CredentialCache.forget} sees. */
export interface CacheInputs extends ChosenRole {
  /** Where STS is asked, if the environment says so: what an emulator gives out is for no other. */
  readonly endpoint: string | undefined
}

export interface SessionCredentialsRequest extends Omit<RoleRequest, 'now' | 'command'> {
  readonly clock: Clock
}

/** What is needed where nothing is kept, which is not often: whoever provides it loads it then. */
export interface CredentialPorts {
  readonly cache: CredentialCache
  /** An ID token of the person. May change what they may use. */
  readonly idToken: (chosen: ChosenRole) => Promise<string>
  /** The STS that the environment names. */
  readonly endpoint: string | undefined
  readonly assume: (request: WebIdentityRequest) => Promise<WebIdentityAnswer>
  /** Never resolves: throws what the refusal means. */
  readonly explain: (refusal: StsRefusal, request: WebIdentityRequest, username: string) => Promise<never>
}

/**
 * Credentials of AWS for a person's session. Those that are kept are given out only where the role is assigned at this
 * moment; new ones only where it still is when STS has answered.
 *
 * @throws AdminError as {@link chooseRole}, and what the ports throw
 */
export async function sessionCredentials(
  store: AssignmentReader,
  request: SessionCredentialsRequest,
  { cache, idToken, endpoint, assume, explain }: CredentialPorts,
): Promise<SessionCredentials> {
  const choose = () => chooseRole(store, { ...request, command: 'credentials', now: request.clock() })
  const chosen = await choose()
  const inputs: CacheInputs = { ...chosen, endpoint }
  const { value } = await cache.get({
    kind: SESSION_KIND,
    inputs: { ...inputs },
    margin: MARGIN_SECONDS,
    parse: parseCredentials,
    fetch: async () => {
      const token = await idToken(chosen)
      const { roleArn, roleSessionName } = await choose()
      const asked = { roleArn, roleSessionName, token }
      const answer = await assume(asked)
      if ('refusal' in answer) return explain(answer.refusal, asked, request.username)
      await choose()
      return requireLive(answer.credentials, request.clock())
    },
  })
  return value
}

/** Nothing that STS gives out ends at once: one of two clocks is wrong. */
function requireLive(credentials: SessionCredentials, now: Instant): SessionCredentials {
  const { expiration } = credentials
  if (expiration > now) return credentials
  throw new AdminError(
    'UNAVAILABLE_AWS',
    `STS gave out credentials that ended at ${expiration}, and by the clock of this host it is ${now}: set the clock`,
    { details: { expiration, now }, suggestions: ['timedatectl', 'chronyc tracking'] },
  )
}

function parseCredentials(value: unknown): (SessionCredentials & Expiring) | null {
  if (!isJsonObject(value)) return null
  const names = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration']
  return names.every((name) => typeof value[name] === 'string') ? (value as unknown as SessionCredentials) : null
}
