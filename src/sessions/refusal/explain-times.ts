import { toEpochSeconds } from '../../clock.ts'
import { shellQuote } from '../../iam/quote.ts'
import type { Explanation, Refused } from './explain-refusal.ts'

/** What STS tolerates (IAM user guide, "OIDC federation": 5 minutes after `exp`); more is a clock that is wrong. */
const TOLERATED = 300

/** A token whose time is over, or a clock that says another time than that of AWS. */
export function explainTimes(refused: Refused): Explanation {
  const { refusal, facts, now, username } = refused
  const ahead = clockAhead(refused) ?? 0
  const exp = facts.exp ?? 'an unknown time'
  if (Math.abs(ahead) > TOLERATED) {
    const direction = ahead > 0 ? 'fast' : 'slow'
    return {
      code: 'TOKEN_EXPIRED',
      lines: [
        `the clock of this host is ${describeSpan(Math.abs(ahead))} ${direction}: here it is ${now}, at AWS ${refusal.stsTime}`,
        `the token ends at ${exp}, and AWS says: ${refusal.awsMessage}`,
        'set the clock first; tokens that were issued meanwhile may have the wrong times too',
      ],
      suggestions: ['timedatectl', 'chronyc tracking'],
      details: { clockAheadSeconds: ahead },
    }
  }
  return {
    code: 'TOKEN_EXPIRED',
    lines: [
      `the ID token has ended at ${exp}: ${refusal.awsMessage}`,
      'a new one comes from a refresh, or from a login',
    ],
    suggestions: [`admin sso refresh ${shellQuote(username)}`, `admin sso login --username ${shellQuote(username)}`],
    details: { clockAheadSeconds: ahead },
  }
}

/** Seconds that the clock of this host is ahead of that of STS. */
function clockAhead({ now, refusal }: Refused): number | null {
  return refusal.stsTime === null ? null : toEpochSeconds(now) - toEpochSeconds(refusal.stsTime)
}

function describeSpan(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`
}
