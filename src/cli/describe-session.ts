import type { Instant } from '../clock.ts'
import { shellQuote } from '../iam/quote.ts'
import type { BegunSession } from '../sessions/begin-session.ts'
import type { EndedSession } from '../sessions/end-sessions.ts'
import type { ListedSession } from '../sessions/list-sessions.ts'
import type { Column } from './formats.ts'

/** What `session env` answers. */
export interface EnvironmentResult {
  readonly username: string
  readonly roleArn: string
  readonly roleSessionName: string
  readonly tokenFile: string
  readonly since: Instant
  readonly tokenExpiresAt: Instant
  /** The variables by which the SDKs of AWS find the token (AWS SDKs reference guide, "Assume role credential provider"). */
  readonly environment: Readonly<Record<string, string>>
}

export function toEnvironmentResult({ session, tokenFile }: BegunSession): EnvironmentResult {
  const { username, roleArn, roleSessionName, since, tokenExpiresAt } = session
  const environment = {
    AWS_ROLE_ARN: roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_SESSION_NAME: roleSessionName,
  }
  return { username, roleArn, roleSessionName, tokenFile, since, tokenExpiresAt, environment }
}

export function describeSessionEnvironment({ environment }: EnvironmentResult, format: string): string {
  const line = ([name, value]: readonly [string, string]) =>
    format === 'env' ? `${name}=${value}` : `export ${name}=${shellQuote(value)}`
  return Object.entries(environment).map(line).join('\n')
}

/** What `session end` answers. */
export interface EndResult {
  readonly username: string
  readonly outcome: 'ended' | 'unchanged'
  readonly roleArns: readonly string[]
}

export function toEndResult(username: string, ended: readonly EndedSession[]): EndResult {
  return {
    username,
    outcome: ended.length > 0 ? 'ended' : 'unchanged',
    roleArns: ended.map(({ roleArn }) => roleArn),
  }
}

/** What was to be ended, and where. */
export interface EndRequest {
  /** `null` where this user has no place for sessions. */
  readonly directory: string | null
  readonly roleArn: string | undefined
  /** Whether some could not be looked at or ended. */
  readonly isPartial: boolean
}

export function describeEnd({ username, roleArns }: EndResult, request: EndRequest): string {
  if (roleArns.length === 0) return nothingEnded(username, request)
  return [
    `ended ${roleArns.length === 1 ? 'the session' : `${roleArns.length} sessions`} of ${username}`,
    ...roleArns.map((arn) => `  ${arn}`),
  ].join('\n')
}

function nothingEnded(username: string, { directory, roleArn, isPartial }: EndRequest): string {
  if (isPartial) return `no session of ${username} was ended`
  const which = roleArn === undefined ? 'no session' : `no session with ${roleArn}`
  return `nothing to end: ${username} has ${which}${directory === null ? '' : ` in ${directory}`}`
}

/** A line of `session list`, under the names that scripts rely on. */
export interface SessionRow {
  readonly username: string
  readonly role_arn: string
  readonly role_session_name: string
  readonly state: string
  readonly since: string
  readonly token_expires_at: string
  readonly token_file: string
}

export async function* sessionRows(sessions: readonly ListedSession[]): AsyncGenerator<SessionRow> {
  for (const session of sessions) yield toRow(session)
}

function toRow(session: ListedSession): SessionRow {
  return {
    username: session.username,
    role_arn: session.roleArn,
    role_session_name: session.roleSessionName,
    state: session.state,
    since: session.since,
    token_expires_at: session.tokenExpiresAt,
    token_file: session.tokenFile,
  }
}

export const sessionColumns: readonly Column<SessionRow>[] = [
  { name: 'username', cell: (row) => row.username },
  { name: 'role_arn', cell: (row) => row.role_arn },
  { name: 'role_session_name', cell: (row) => row.role_session_name },
  { name: 'state', cell: (row) => row.state },
  { name: 'since', cell: (row) => row.since },
  { name: 'token_expires_at', cell: (row) => row.token_expires_at },
  { name: 'token_file', cell: (row) => row.token_file },
]
