import * as Flags from '@oclif/core/flags'
import { parseMoment } from '../assignments/expiry.ts'
import { parseGlobs } from '../audit/glob.ts'
import type { HoldingFilter, Moment } from '../audit/holdings.ts'
import { parseRoleGlob } from '../audit/role-glob.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { parseAccountId } from '../iam/account-id.ts'
import { quote } from '../iam/quote.ts'
import { parseAll } from './parse-all.ts'

/** What is asked of the assignments: whose, which, and when. */
export interface HoldingQuery {
  readonly filter: HoldingFilter
  readonly moment: Moment
}

export const asOfFlag = Flags.string({
  description: 'as it was then, from the audit log: 8h or 30d (so long ago), 2027-03-01 or 2027-03-01T17:00:00Z',
  helpValue: 'TIME',
})

interface HoldingFlags {
  readonly user?: readonly string[] | undefined
  readonly role?: readonly string[] | undefined
  readonly account?: readonly string[] | undefined
  readonly source?: readonly string[] | undefined
  readonly 'as-of'?: string | undefined
}

/** @throws AdminError INVALID_ROLE_ARN, INVALID_ACCOUNT_ID, INVALID_TIME, USAGE_FLAG */
export function parseHoldingQuery(flags: HoldingFlags, now: Instant): HoldingQuery {
  const { users, roles, accounts, sources, moment } = parseAll<HoldingFilter & { moment: Moment }>({
    // As user names are kept.
    users: () => parseGlobs((flags.user ?? []).map((glob) => glob.normalize('NFC'))),
    roles: () => parseGlobs(flags.role ?? [], parseRoleGlob),
    accounts: () => (flags.account ?? []).map(parseAccountId),
    sources: () => (flags.source ?? []).map((source) => (source === 'sso' ? source : 'cli')),
    moment: () => parseAsOf(flags['as-of'], now),
  })
  return { filter: { users, roles, accounts, sources }, moment }
}

/** Without it, now. What is still to come nobody knows. */
function parseAsOf(text: string | undefined, now: Instant): Moment {
  if (text === undefined) return { kind: 'now', at: now }
  const at = parseMoment(text, now)
  if (at <= now) return { kind: 'past', at }
  throw new AdminError('INVALID_TIME', `${quote(text)} is in the future: it is ${at}, now is ${now}`)
}
