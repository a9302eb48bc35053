import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { watchAttempts } from './attempts.ts'
import { askWhoActs } from './caller-identity.ts'
import { type Opening, stsClient } from './clients.ts'
import type { FoundCredentials } from './credentials.ts'
import { translate } from './errors.ts'

export interface RoleToAssume {
  readonly role: RoleArn
  readonly externalId: string | null
  readonly profile: string | null
  readonly actor: string
}

/**
 * The credentials of a role, assumed with those that were found.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS
 */
export async function assumeRole(
  opening: Opening,
  found: FoundCredentials,
  wanted: RoleToAssume,
): Promise<FoundCredentials> {
  const { credentials } = stsClient(opening, roleProvider(opening, found, wanted)).config
  try {
    await credentials()
  } catch (error) {
    throw await explain(error, opening, found, wanted)
  }
  const from = found.source === null ? '' : ` from ${found.source}`
  return { credentials, source: `role ${wanted.role} assumed${from}` }
}

function roleProvider({ sdk, settings, onAttemptFailed }: Opening, found: FoundCredentials, wanted: RoleToAssume) {
  return sdk.fromTemporaryCredentials({
    masterCredentials: found.credentials,
    params: {
      RoleArn: wanted.role,
      RoleSessionName: sessionName(wanted.actor),
      ...(wanted.externalId !== null && { ExternalId: wanted.externalId }),
    },
    clientConfig: settings,
    clientPlugins: [{ applyToStack: (middlewareStack) => watchAttempts({ middlewareStack }, 'sts', onAttemptFailed) }],
    logger: settings.logger,
  })
}

/** 2 to 64 characters of `[\w+=,.@-]` (STS API reference, AssumeRole, RoleSessionName). */
function sessionName(actor: string): string {
  return `admin-${actor}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64)
}

async function explain(
  failure: unknown,
  opening: Opening,
  { credentials, source }: FoundCredentials,
  wanted: RoleToAssume,
): Promise<unknown> {
  const caller = await askWhoActs(opening, credentials).then(
    ({ callerArn }) => callerArn,
    () => null,
  )
  const { region } = opening.settings
  const error = translate(failure, { action: 'sts:AssumeRole', resource: wanted.role, caller, region })
  if (!(error instanceof AdminError) || error.code === 'UNAVAILABLE_AWS' || error.code === 'DENIED_AWS_CREDENTIALS')
    return error
  const lines = [
    `the role ${wanted.role} could not be assumed${byWhom(caller, source)}: ${String(error.details.awsMessage)}`,
    `the caller needs sts:AssumeRole on that role, and the role's trust policy must allow the caller`,
    externalIdWords(wanted),
  ]
  return new AdminError('DENIED_AWS_CREDENTIALS', lines.join('\n'), {
    suggestions: [attemptByHand(wanted)],
    details: error.details,
    cause: failure,
  })
}

function byWhom(caller: string | null, source: string | null): string {
  return `${caller === null ? '' : ` as ${caller}`}${source === null ? '' : ` (credentials: ${source})`}`
}

function externalIdWords({ externalId }: RoleToAssume): string {
  return externalId === null
    ? 'no external id was given; a trust policy with a condition on sts:ExternalId wants one'
    : 'an external id was given; it must be the one of the condition on sts:ExternalId in the trust policy'
}

function attemptByHand({ role, externalId, profile, actor }: RoleToAssume): string {
  const words = ['aws', 'sts', 'assume-role', '--role-arn', role, '--role-session-name', sessionName(actor)]
  const external = externalId === null ? [] : ['--external-id', externalId]
  return [...words, ...external, ...(profile === null ? [] : ['--profile', profile])].map(shellQuote).join(' ')
}
