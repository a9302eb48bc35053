import type { ExecutedGrant, GrantResult } from '../databases/iam-users/grant-result.ts'
import { quote } from '../iam/quote.ts'

const OUTCOMES = {
  created: 'was created and logs in by IAM',
  granted: 'was there and now logs in by IAM',
  unchanged: 'logs in by IAM already; nothing to do',
} as const

/** The SQL alone where it is only printed, so that it can be piped to a client. */
export function describeGrant(result: GrantResult): string {
  const statements = result.sql.map((statement) => `${statement};`)
  return result.executed
    ? [describeOutcome(result), ...statements.map((line) => `  ${line}`)].join('\n')
    : statements.join('\n')
}

function describeOutcome({ dbUser, outcome, server, version, warnings }: ExecutedGrant): string {
  const words = warnings.length === 0 ? OUTCOMES[outcome] : 'was left as it is'
  return `${quote(dbUser)} ${words} at ${server} (${version})`
}

/** What keeps the user out all the same. */
export function grantWarnings(result: GrantResult): readonly string[] {
  return result.executed ? result.warnings : []
}

/** What a person should know who has run it. */
export function grantNotes(result: GrantResult): readonly string[] {
  if (!result.executed) return []
  const lost = result.withoutPasswordLogin.map((user) => `${quote(user)} no longer logs in by password`)
  return [...lost, ...result.notes]
}
