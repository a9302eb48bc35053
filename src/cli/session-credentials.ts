import type { Actor } from '../assignments/actor.ts'
import type { Clock } from '../clock.ts'
import { credentialCache, type ProcessLock } from '../sessions/credential-cache.ts'
import type { CredentialPorts } from '../sessions/session-credentials.ts'
import type { SessionCredentials } from '../sessions/web-identity.ts'
import { writeWarning } from './output.ts'
import type { SessionPaths } from './session-paths.ts'

/** One line (AWS SDKs reference guide, "Process credential provider"): `Version` is the number 1. */
export function toCredentialProcess(credentials: SessionCredentials): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiration,
  })
}

/** What is needed where nothing is kept is loaded then: most runs only read a file. */
export function credentialPorts(
  { credentials }: SessionPaths,
  clock: Clock,
  actor: Actor,
  idToken: CredentialPorts['idToken'],
): CredentialPorts {
  return {
    cache: credentialCache(credentials, clock, lock, writeWarning),
    idToken,
    endpoint: stsEndpoint(process.env),
    assume: async (request) => (await import('../aws/web-identity.ts')).webIdentity(process.env)(request),
    explain: async (refusal, request, username) => {
      const { explainRefusal } = await import('../sessions/refusal/explain-refusal.ts')
      const { roleTrustReader } = await import('./read-role-trust.ts')
      throw await explainRefusal(refusal, request, { username, now: clock(), readTrust: roleTrustReader(actor) })
    },
  }
}

/** As the SDK finds it in the environment (AWS SDKs reference guide, "Service-specific endpoints"). */
function stsEndpoint(environment: NodeJS.ProcessEnv): string | undefined {
  const {
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: isIgnored,
    AWS_ENDPOINT_URL_STS: ofSts,
    AWS_ENDPOINT_URL: ofAll,
  } = environment
  return isIgnored === 'true' ? undefined : ofSts || ofAll || undefined
}

const lock: ProcessLock = async (file, work) =>
  (await import('../store/sqlite/process-lock.ts')).withProcessLock(file, work)
