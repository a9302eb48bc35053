import { AdminError } from '../errors.ts'

/** One thing that was looked at: what was seen beside what was expected, and the way out where it is not as it should be. */
export interface Finding {
  readonly check: string
  readonly status: 'passed' | 'failed' | 'warning' | 'skipped'
  readonly seen: string | null
  readonly expected: string
  readonly fix: string | null
}

export function passed(check: string, seen: string, expected: string, note: string | null = null): Finding {
  return { check, status: 'passed', seen, expected, fix: note }
}

export function failed(check: string, seen: string | null, expected: string, fix: string): Finding {
  return { check, status: 'failed', seen, expected, fix }
}

export function warning(check: string, seen: string | null, expected: string, fix: string): Finding {
  return { check, status: 'warning', seen, expected, fix }
}

export function skipped(check: string, expected: string): Finding {
  return { check, status: 'skipped', seen: null, expected, fix: null }
}

/** As a finding: a check that finds the issuer unreachable has done its work. */
export function unreachable(check: string, expected: string, error: unknown): Finding {
  if (!(error instanceof AdminError)) throw error
  const problem = typeof error.details.problem === 'string' ? error.details.problem : error.message
  const [advice] = error.suggestions
  const isAdvice = advice !== undefined && advice !== 'admin sso check'
  return failed(
    check,
    problem,
    expected,
    isAdvice ? `try: ${advice}` : 'see whether it opens from this host, and whether a proxy is needed (HTTPS_PROXY)',
  )
}
