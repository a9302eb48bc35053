import { AdminError } from '../errors.ts'
import { type Expectation, refuseBad } from './parse-each.ts'

declare const clientId: unique symbol

/** The name under which an identity provider knows the server: the `aud` of its tokens. */
export type ClientId = string & { readonly [clientId]: true }

const LONGEST = 255

/** What IAM keeps for one provider (IAM user guide, "Create an OIDC identity provider"). */
export const MOST_CLIENT_IDS = 100

/** IAM API reference, CreateOpenIDConnectProvider (1 to 255 characters); RFC 6749 appendix A.1 (visible ASCII). */
const expected: Expectation = { what: 'a client id', code: 'INVALID_CLIENT_ID', problemOf: tokenValueProblem }

/** @throws AdminError INVALID_CLIENT_ID */
export function parseClientId(text: string): ClientId {
  refuseBad([text], expected)
  return text as ClientId
}

/** @throws AdminError INVALID_CLIENT_ID with every bad one */
export function parseClientIds(texts: readonly string[]): readonly ClientId[] {
  const clientIds = refuseBad(texts, expected) as readonly ClientId[]
  if (clientIds.length <= MOST_CLIENT_IDS) return clientIds
  const message = `${clientIds.length} client ids, IAM allows ${MOST_CLIENT_IDS} for one provider`
  throw new AdminError('INVALID_CLIENT_ID', message)
}

/** Why a trust policy could not test a token's claim for this value; `null` if it could. */
export function tokenValueProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (text.length > LONGEST) return `it has ${text.length} characters, at most ${LONGEST} are allowed`
  if (/\s/.test(text)) return 'it contains white space'
  if (!/^[\x21-\x7E]+$/.test(text)) return 'expected visible ASCII characters only'
  // IAM user guide, "Policy variables": `${…}` in a condition value is replaced by a value of the request.
  if (text.includes('${')) return 'AWS would take its "${" for a policy variable'
  return null
}
