import type { IAMClient } from '@aws-sdk/client-iam'
import type { STSClient } from '@aws-sdk/client-sts'
import { AdminError } from '../errors.ts'
import { parseAccountId } from '../iam/account-id.ts'
import { isPartition } from '../iam/partition.ts'
import { quote } from '../iam/quote.ts'
import type { AwsAccount } from '../provisioning/aws-port.ts'
import type { CallerIdentity } from '../provisioning/plan.ts'
import { iamAccount } from './account.ts'
import { type CredentialSearch, explainCredentialFailure } from './credential-search.ts'
import { credentialSource } from './credential-source.ts'
import { translate } from './errors.ts'
import { requestHandler } from './http-agents.ts'

export type Sdk = typeof import('./sdk.ts')

export interface OpenAccount {
  readonly account: AwsAccount
  /** Where the credentials come from, as `profile prod`; `null` where the SDK does not say. */
  readonly credentialSource: string | null
  readonly close: () => void
}

/** Where no region is configured: IAM and STS answer there for the whole partition `aws`. */
const DEFAULT_REGION = 'us-east-1'
const ATTEMPTS = 6

/**
 * The one factory of AWS clients: ambient credentials (environment, profile, web identity, container, instance), checked
 * with `GetCallerIdentity` before anything else. `AWS_ENDPOINT_URL` is honoured by every client, those that fetch
 * credentials included. Retries are adaptive; `AWS_RETRY_MODE` and `AWS_MAX_ATTEMPTS` overrule that.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS, INVALID_CONFIG
 */
export async function openAccount(search: CredentialSearch): Promise<OpenAccount> {
  refuseBadEndpoints(search.environment)
  // AWS SDK for JavaScript v3: silences its notice about versions of Node.js to come.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const sdk: Sdk = await import('./sdk.ts')
  const settings = clientSettings(sdk, search.environment)
  const region = await resolveRegion(sdk, settings, search.environment)
  const { identity, source } = await callerIdentity(sdk, { ...settings, region }, search)
  const client = new sdk.IAMClient({ ...settings, region })
  failFastOnQuotas(client)
  return {
    account: iamAccount(sdk, client, identity),
    credentialSource: source,
    close: () => client.destroy(),
  }
}

/** Of the services that are asked, those included that credentials may come from. */
const ENDPOINTS = [
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_IAM',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_SSO',
  'AWS_ENDPOINT_URL_SSO_OIDC',
] as const

/** The SDK would say "Invalid URL" at the first request, and not whose. */
function refuseBadEndpoints(environment: NodeJS.ProcessEnv): void {
  for (const name of ENDPOINTS) {
    const url = environment[name]
    if (!url || (/^https?:\/\/./.test(url) && URL.canParse(url))) continue
    throw new AdminError('INVALID_CONFIG', `${name} is ${quote(url)}, expected http://HOST or https://HOST`)
  }
}

type Settings = ReturnType<typeof clientSettings>

function clientSettings(sdk: Sdk, environment: NodeJS.ProcessEnv) {
  const handler = { requestHandler: requestHandler(environment), logger: silence }
  return {
    ...handler,
    credentials: sdk.fromNodeProviderChain({ clientConfig: handler, logger: silence }),
    ...(environment.AWS_RETRY_MODE === undefined && { retryMode: 'adaptive' }),
    ...(environment.AWS_MAX_ATTEMPTS === undefined && { maxAttempts: ATTEMPTS }),
  }
}

/** The SDK writes its warnings to stderr unless somebody else takes them. */
const silence = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** The SDK finds `AWS_REGION` and the profile's; the AWS CLI also knows `AWS_DEFAULT_REGION`. */
async function resolveRegion(sdk: Sdk, settings: Settings, environment: NodeJS.ProcessEnv): Promise<string> {
  const fallback = environment.AWS_DEFAULT_REGION || DEFAULT_REGION
  const client = new sdk.STSClient(settings)
  try {
    return (await client.config.region()) || fallback
  } catch {
    return fallback
  } finally {
    client.destroy()
  }
}

interface Caller {
  readonly identity: CallerIdentity
  readonly source: string | null
}

async function callerIdentity(
  sdk: Sdk,
  settings: Settings & { readonly region: string },
  search: CredentialSearch,
): Promise<Caller> {
  const client = new sdk.STSClient(settings)
  try {
    const source = await findCredentials(client, settings.region, search)
    return { identity: await askWhoActs(sdk, client, settings.region), source }
  } finally {
    client.destroy()
  }
}

/** Before the first request, so that what fails here is known to be a matter of credentials. The chain remembers them. */
async function findCredentials(client: STSClient, region: string, search: CredentialSearch): Promise<string | null> {
  try {
    return credentialSource(await client.config.credentials(), search.environment)
  } catch (error) {
    throw explainCredentialFailure(error, search, region)
  }
}

async function askWhoActs(sdk: Sdk, client: STSClient, region: string): Promise<CallerIdentity> {
  try {
    const { Account: account = '', Arn: arn = '' } = await client.send(new sdk.GetCallerIdentityCommand({}))
    const partition = arn.split(':')[1] ?? ''
    if (!isPartition(partition))
      throw new AdminError('UNAVAILABLE_AWS', `AWS said that you are ${quote(arn)}, expected an ARN`)
    return { accountId: parseAccountId(account), partition, callerArn: arn }
  } catch (error) {
    throw translate(error, { action: 'sts:GetCallerIdentity', resource: null, caller: null, region })
  }
}

/**
 * The SDK takes `LimitExceededException` for throttling and would try again and again, where a quota of IAM is meant
 * (AWS SDK for JavaScript v3, @smithy/core/retry, THROTTLING_ERROR_CODES). Under IAM's own name for it, it does not.
 */
function failFastOnQuotas(client: IAMClient): void {
  client.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request)
      } catch (error) {
        if (error instanceof Error && error.name === 'LimitExceededException') error.name = 'LimitExceeded'
        throw error
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'failFastOnQuotas' },
  )
}
