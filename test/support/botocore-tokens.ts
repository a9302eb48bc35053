import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** What a token is signed for, by whom and when. */
export interface TokenRequest {
  readonly hostname: string
  readonly port: number
  readonly username: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** As `2026-03-01T09:30:00Z`. */
  readonly at: string
}

/** The tokens of botocore, by which the AWS CLI and boto3 sign, at the instant of each request. */
export function botocoreTokens(requests: readonly TokenRequest[]): readonly string[] {
  const python = join(import.meta.dirname, '..', '..', '.venv', 'bin', 'python')
  const script = join(import.meta.dirname, 'botocore-tokens.py')
  return JSON.parse(execFileSync(python, [script], { input: JSON.stringify(requests), encoding: 'utf8' }))
}

/** The libraries of AWS write the parameters in orders of their own, which is all that may differ. */
export function sorted(token: string): string {
  const [place = '', query = ''] = token.split('?')
  return `${place}?${query.split('&').sort().join('&')}`
}

/** The instant that stands in a token, as `2026-03-01T09:30:00Z`. */
export function signedAt(token: string): string {
  const [, day = '', time = ''] = /X-Amz-Date=(\d{8})T(\d{6})Z/.exec(token) ?? []
  return `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`
}
