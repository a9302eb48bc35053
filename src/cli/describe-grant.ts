import type { ExecutedGrant, GrantResult, PrintedGrant } from '../databases/iam-users/grant-result.ts'
import { isUsualMaster } from '../databases/iam-users/user-name.ts'
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

/** What keeps the user out all the same, or may lock out who runs the SQL. */
export function grantWarnings(result: GrantResult): readonly string[] {
  if (result.executed) return result.warnings
  const { engine, dbUser } = result
  return isUsualMaster(dbUser, engine)
    ? [`${quote(dbUser)} is what the master user is usually called: without a password nobody could mend it`]
    : []
}

/** What a person should know who has run it, or is about to. */
export function grantNotes(result: GrantResult): readonly string[] {
  const whole = result.engine !== 'postgres' && result.dbUser.includes('@') ? [notSplit(result.dbUser)] : []
  if (!result.executed) return [...whole, ...notesOfPrinted(result)]
  const lost = result.withoutPasswordLogin.map((user) => `${quote(user)} no longer logs in by password`)
  return [...whole, ...lost, ...result.notes]
}

function notSplit(dbUser: string): string {
  return `${quote(dbUser)} is the name as a whole, not a user and a host`
}

function notesOfPrinted({ engine, dbUser }: PrintedGrant): readonly string[] {
  const members = engine === 'postgres' ? ', nor do its members' : ''
  const lines = [
    `${quote(dbUser)} does not log in by password any more once this has run${members}`,
    'only --execute looks first for who would be locked out',
  ]
  const goesOn =
    'psql goes on to the GRANT where CREATE USER failed because the user is there: run it with --set ON_ERROR_STOP=1'
  return [lines.join('; '), ...(engine === 'postgres' ? [goesOn] : [])]
}
