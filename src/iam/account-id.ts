import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

declare const accountId: unique symbol

/** An AWS account id: twelve digits, leading zeros included. Only {@link parseAccountId} makes one. */
export type AccountId = string & { readonly [accountId]: true }

/** @throws AdminError INVALID_ACCOUNT_ID */
export function parseAccountId(text: string): AccountId {
  const problem = accountIdProblem(text)
  if (problem !== null)
    throw new AdminError('INVALID_ACCOUNT_ID', `${quote(text)} is not an AWS account id: ${problem}`)
  return text as AccountId
}

/** Why `text` is no account id, or `null` if it is one. */
export function accountIdProblem(text: string): string | null {
  if (/^\d{12}$/.test(text)) return null
  if (/^\d+$/.test(text)) return `it has ${text.length} digits, expected 12`
  if (/^\d{4}-\d{4}-\d{4}$/.test(text)) return 'it must be written without hyphens'
  return 'expected 12 digits'
}
