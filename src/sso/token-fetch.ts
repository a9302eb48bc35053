import type { FetchBody } from 'openid-client'
import { isJsonObject, type JsonObject } from '../iam/json-object.ts'
import { issuerUnavailable, readText } from './fetch-json.ts'
import { useProxyOfEnvironment } from './proxy.ts'

/** Long: an answer that is not waited for may be the only one with the new refresh token. */
export const TOKEN_TIMEOUT_SECONDS = 20

const NOTHING: HeldTokens = { idToken: null, refreshToken: null }
const TOO_MANY = new Set(['too_many_requests', 'slow_down', 'temporarily_unavailable'])
const USUAL_PAUSE_MILLISECONDS = 1000

interface Answer {
  readonly response: Response
  readonly text: string
}

/** What a fetch of openid-client is asked for. */
interface TokenRequest {
  readonly body: FetchBody | null | undefined
  readonly headers: Record<string, string>
  readonly method: string
  readonly signal?: AbortSignal
}

export interface HeldTokens {
  readonly idToken: string | null
  readonly refreshToken: string | null
}

export interface TokenFetch {
  readonly fetch: (url: string, request: TokenRequest) => Promise<Response>
  /** The tokens of the last answer, once; `null` for what it did not have. */
  readonly takeTokens: () => HeldTokens
  /** How often it was asked for something. */
  readonly asked: () => number
  /** How long the last answer asks us to wait before we ask again, in milliseconds; `null` where it does not. */
  readonly pauseAsked: () => number | null
}

/**
 * Carries what openid-client asks of the identity provider, through the proxy of the environment, within limits, without
 * following redirects. Both tokens are held back: the ID token is verified by our own rules and in our own words, and
 * nothing that is wrong with an answer may cost the refresh token in it.
 */
export function tokenFetch(): TokenFetch {
  let held = NOTHING
  let pause: number | null = null
  let asked = 0
  return {
    fetch: async (url, request) => {
      held = NOTHING
      pause = null
      asked += 1
      const answer = await ask(url, request)
      pause = pauseOf(answer)
      const [response, tokens] = withoutTokens(answer)
      held = tokens
      return response
    },
    takeTokens: () => {
      const taken = held
      held = NOTHING
      return taken
    },
    asked: () => asked,
    pauseAsked: () => pause,
  }
}

async function ask(url: string, request: TokenRequest): Promise<Answer> {
  useProxyOfEnvironment(process.env)
  try {
    const response = await fetch(url, { ...request, body: request.body ?? null, redirect: 'manual' })
    return { response, text: await readText(response) }
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    throw issuerUnavailable(`cannot ask ${url}`, url, error, TOKEN_TIMEOUT_SECONDS)
  }
}

function withoutTokens({ response, text }: Answer): readonly [Response, HeldTokens] {
  const { status, headers } = response
  const answer = status === 200 ? parseObject(text) : null
  if (answer === null) return [new Response(text === '' ? null : text, { status, headers }), NOTHING]
  const { id_token: idToken, refresh_token: refreshToken, ...rest } = answer
  const held = { idToken: textOrNull(idToken), refreshToken: textOrNull(refreshToken) }
  return [new Response(JSON.stringify(rest), { status, headers }), held]
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Retry-After has seconds or a date (RFC 9110 §10.2.3). */
function pauseOf({ response: { status, headers }, text }: Answer): number | null {
  const word = status < 400 ? undefined : parseObject(text)?.error
  if (status !== 429 && !(typeof word === 'string' && TOO_MANY.has(word))) return null
  const after = headers.get('retry-after') ?? ''
  const milliseconds = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()
  return Number.isNaN(milliseconds) ? USUAL_PAUSE_MILLISECONDS : Math.max(0, milliseconds)
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
