import { isJsonObject, type JsonObject, ownValue } from '../iam/json-object.ts'
import { escapeControls } from '../iam/quote.ts'

const LONGEST_FACT = 200
const MOST_AUDIENCES = 5

/** What a token says of itself, for messages and the audit log. Nobody has verified it. */
export interface TokenFacts {
  readonly alg?: string
  readonly kid?: string
  readonly iss?: string
  readonly aud?: string
  readonly azp?: string
}

/** The parts of a token as they read without any key. */
export interface UnverifiedToken {
  readonly header: JsonObject
  readonly payload: JsonObject
}

/** `null` where that is no token in the compact form of a signed JWT (RFC 7515 §7.1). */
export function readUnverified(token: string): UnverifiedToken | null {
  const [header, payload] = token.split('.', 2).map(decodePart)
  return isJsonObject(header) && isJsonObject(payload) ? { header, payload } : null
}

/** Short and harmless on a terminal; never the token itself. Empty for what is no token. */
export function tokenFacts(token: string): TokenFacts {
  const unverified = readUnverified(token)
  if (unverified === null) return {}
  const { header, payload } = unverified
  return {
    ...fact('alg', header),
    ...fact('kid', header),
    ...fact('iss', payload),
    ...fact('aud', payload),
    ...fact('azp', payload),
  }
}

function fact(name: keyof TokenFacts, source: JsonObject): TokenFacts {
  const value = ownValue(source, name)
  const texts = (Array.isArray(value) ? value : [value])
    .filter((text) => typeof text === 'string')
    .slice(0, MOST_AUDIENCES)
  return texts.length === 0 ? {} : { [name]: escapeControls(texts.join(' ').slice(0, LONGEST_FACT)) }
}

function decodePart(part: string): unknown {
  if (!/^[\w-]+$/.test(part)) return undefined
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
