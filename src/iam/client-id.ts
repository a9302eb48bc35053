import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

declare const clientId: unique symbol

/** The name under which an identity provider knows the server: the `aud` of its tokens. */
export type ClientId = string & { readonly [clientId]: true }

const LONGEST = 255
const MOST = 100

/**
 * Rules: IAM API reference, CreateOpenIDConnectProvider (1 to 255 characters); RFC 6749 appendix A.1 (visible ASCII).
 *
 * @throws AdminError INVALID_CLIENT_ID
 */
export function parseClientId(text: string): ClientId {
  const problem = tokenValueProblem(text)
  if (problem !== null) throw new AdminError('INVALID_CLIENT_ID', `${quote(text)} is not a client id: ${problem}`)
  return text as ClientId
}

/**
 * Every bad one is reported; one given twice counts once. IAM keeps at most 100 for a provider (IAM user guide,
 * "Create an OIDC identity provider").
 *
 * @throws AdminError INVALID_CLIENT_ID
 */
export function parseClientIds(texts: readonly string[]): readonly ClientId[] {
  const bad = texts.flatMap((text) => {
    const problem = tokenValueProblem(text)
    return problem === null ? [] : [`${quote(text)} is not a client id: ${problem}`]
  })
  if (bad.length > 0) throw new AdminError('INVALID_CLIENT_ID', bad.join('\n'))
  const clientIds = [...new Set(texts.map(parseClientId))]
  if (clientIds.length > MOST) {
    throw new AdminError('INVALID_CLIENT_ID', `${clientIds.length} client ids, IAM allows ${MOST} for one provider`)
  }
  return clientIds
}

export const MOST_CLIENT_IDS = MOST

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
