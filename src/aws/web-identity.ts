import { setTimeout as sleep } from 'node:timers/promises'
import { type Instant, toInstant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { escapeControls } from '../iam/quote.ts'
import { parseRegionOf, partitionOfRegion } from '../iam/region.ts'
import { type RoleArn, roleArnParts } from '../iam/role-arn.ts'
import type {
  AssumeRoleWithWebIdentity,
  SessionCredentials,
  StsRefusal,
  WebIdentityRequest,
} from '../sessions/web-identity.ts'
import { refuseBadEndpoints } from './endpoints.ts'
import { awsErrorName, type SdkError, translate } from './errors.ts'
import { httpAgents } from './http-agents.ts'

/** Of a refusal that often is a passing hiccup; the SDK tries again by itself only where STS says so. */
const TRIES = 3
const PAUSE = 300

const ACTION = 'sts:AssumeRoleWithWebIdentity'
/** Of a media type, as shown. */
const LONGEST_TYPE = 60

/** Regions that every account of the partition has (botocore, partitions.json). */
const DEFAULT_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
}

/** STS without credentials: the token is all that is shown. Endpoint and region are those of the environment. */
export function webIdentity(environment: NodeJS.ProcessEnv): AssumeRoleWithWebIdentity {
  return async (request) => {
    refuseBadEndpoints(environment)
    const region = stsRegion(request.roleArn, environment)
    const { close, requestHandler } = httpAgents(environment)
    const sts = await openSts(region, requestHandler)
    try {
      return await askPatiently(() => ask(sts, request, region))
    } finally {
      sts.client.destroy()
      close()
    }
  }
}

/**
 * The configured region where it is of the partition of the role, else one that is: a role of another partition would not
 * be known there.
 *
 * @throws AdminError INVALID_REGION where no region of that partition is known
 */
export function stsRegion(roleArn: RoleArn, environment: NodeJS.ProcessEnv): string {
  const { partition } = roleArnParts(roleArn)
  const place = environment.AWS_REGION ? 'AWS_REGION' : 'AWS_DEFAULT_REGION'
  const configured = environment[place] || null
  if (configured !== null && partitionOfRegion(parseRegionOf(place, configured)) === partition) return configured
  const known = DEFAULT_REGIONS[partition]
  if (known !== undefined) return known
  const seen = configured === null ? 'no region is configured' : `the configured region ${configured} is of another one`
  throw new AdminError(
    'INVALID_REGION',
    `the role ${roleArn} is in the partition ${partition}, and ${seen}: set AWS_REGION to a region of ${partition}`,
    { details: { roleArn, partition, region: configured } },
  )
}

async function openSts(region: string, requestHandler: ReturnType<typeof httpAgents>['requestHandler']) {
  // AWS SDK for JavaScript v3: silences its notice about versions of Node.js to come.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const { AssumeRoleWithWebIdentityCommand, STSClient } = await import('./sdk/sts.ts')
  const client = new STSClient({ region, requestHandler, logger: silence, credentials: noCredentials })
  return { client, command: AssumeRoleWithWebIdentityCommand }
}

type Sts = Awaited<ReturnType<typeof openSts>>
type Answer = Awaited<ReturnType<AssumeRoleWithWebIdentity>>

async function askPatiently(attempt: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await attempt()
    if (!('refusal' in answer)) return answer
    const refusal = { ...answer.refusal, attempts: Math.max(answer.refusal.attempts, tries) }
    if (tries === TRIES || !/verification key/i.test(refusal.awsMessage)) return { refusal }
    await sleep(PAUSE * 2 ** (tries - 1) * (0.5 + Math.random()))
  }
}

async function ask({ client, command }: Sts, request: WebIdentityRequest, region: string): Promise<Answer> {
  const { roleArn, roleSessionName, token } = request
  try {
    const { Credentials: credentials } = await client.send(
      new command({ RoleArn: roleArn, RoleSessionName: roleSessionName, WebIdentityToken: token }),
    )
    return { credentials: toCredentials(credentials) }
  } catch (error) {
    const refusal = toRefusal(error, roleArn, region, await hostOf(client))
    return { refusal: { ...refusal, awsMessage: refusal.awsMessage.replaceAll(token, '[token]') } }
  }
}

function toCredentials(
  answer: {
    readonly AccessKeyId?: string | undefined
    readonly SecretAccessKey?: string | undefined
    readonly SessionToken?: string | undefined
    readonly Expiration?: Date | undefined
  } = {},
): SessionCredentials {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: end,
  } = answer
  if (!accessKeyId || !secretAccessKey || !sessionToken || end === undefined)
    throw new AdminError('UNAVAILABLE_AWS', 'STS answered without credentials')
  return { accessKeyId, secretAccessKey, sessionToken, expiration: toInstant(end) }
}

/**
 * What STS has against this token or this role is for whoever knows both to explain. Silence, throttling and errors of its
 * own are thrown.
 */
function toRefusal(error: unknown, roleArn: RoleArn, region: string, host: string): StsRefusal {
  const translated = translate(error, {
    action: ACTION,
    resource: roleArn,
    caller: null,
    region,
  })
  if (!(error instanceof Error) || error instanceof AdminError) throw translated
  refuseStranger(error, host)
  if (!(translated instanceof AdminError) || translated.code === 'UNAVAILABLE_AWS') throw withoutCause(translated)
  const seen: Answered = error
  return {
    awsError: awsErrorName(seen),
    awsMessage: seen.message,
    stsTime: toTime(seen.$response?.headers?.date),
    region,
    host,
    attempts: seen.$metadata?.attempts ?? 1,
  }
}

interface Answered extends SdkError {
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> }
}

/** STS names each of its errors, in XML. Whatever else answers below 500 is no STS, and its words are not repeated. */
function refuseStranger(error: Answered, host: string): void {
  const { statusCode: status = 0, headers } = error.$response ?? {}
  const isUnnamed = error.name === 'Unknown' || /Deserialization error/.test(error.message)
  if (!isUnnamed || status === 0 || status >= 500) return
  const type = headers?.['content-type'] ?? 'of no type'
  const seen = `HTTP ${status}, ${escapeControls(type.slice(0, LONGEST_TYPE))}`
  throw new AdminError('UNAVAILABLE_AWS', `what answered at ${host} is not AWS (${seen}): is a proxy between?`, {
    details: { action: ACTION, host, status },
    suggestions: ['env | grep -i -e proxy -e ^AWS_'],
  })
}

/** The errors of the SDK may carry the request, and the token with it. */
function withoutCause(error: unknown): unknown {
  if (!(error instanceof AdminError)) return error
  const { code, message, suggestions, details } = error
  return new AdminError(code, message, { suggestions, details })
}

function toTime(header: string | undefined): Instant | null {
  const time = header === undefined ? Number.NaN : Date.parse(header)
  return Number.isNaN(time) ? null : toInstant(new Date(time))
}

async function hostOf({ config }: Sts['client']): Promise<string> {
  const endpoint = await config.endpoint?.()
  return endpoint?.hostname ?? `sts.${await config.region()}.amazonaws.com`
}

/** The call is not signed (STS API reference, AssumeRoleWithWebIdentity); whoever asks for credentials has a bug. */
async function noCredentials(): Promise<never> {
  throw new Error('credentials were looked for, and a session has only its token')
}

const silence = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
