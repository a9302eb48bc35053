import type { FetchBody } from 'openid-client'
import { isJsonObject, type JsonObject } from '../iam/json-object.ts'
import { issuerUnavailable, readText } from './fetch-json.ts'
import { useProxyOfEnvironment } from './proxy.ts'

/** Long: an answer that is not waited for may be the only one with the new refresh token. */
export const TOKEN_TIMEOUT_SECONDS = 20

/** What a fetch of openid-client is asked for. */
interface TokenRequest {
  readonly body: FetchBody | null | undefined
  readonly headers: Record<string, string>
  readonly method: string
  readonly signal?: AbortSignal
}

export interface TokenFetch {
  readonly fetch: (url: string, request: TokenRequest) => Promise<Response>
  /** The ID token of the last answer, once; `null` where it had none. */
  readonly takeIdToken: () => string | null
}

/**
 * Carries what openid-client asks of the identity provider, through the proxy of the environment, within limits, without
 * following redirects. The ID token is held back: it is verified by our own rules and in our own words, and what is wrong
 * with it must not cost the refresh token that came with it.
 */
export function tokenFetch(): TokenFetch {
  let idToken: string | null = null
  return {
    fetch: async (url, request) => {
      const [response, held] = await withoutIdToken(await ask(url, request))
      idToken = held
      return response
    },
    takeIdToken: () => {
      const taken = idToken
      idToken = null
      return taken
    },
  }
}

async function ask(url: string, request: TokenRequest): Promise<{ response: Response; text: string }> {
  useProxyOfEnvironment(process.env)
  try {
    const response = await fetch(url, { ...request, body: request.body ?? null, redirect: 'manual' })
    return { response, text: await readText(response) }
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    throw issuerUnavailable(`cannot ask ${url}`, url, error, TOKEN_TIMEOUT_SECONDS)
  }
}

async function withoutIdToken({ response, text }: { response: Response; text: string }) {
  const { status, headers } = response
  const answer = status === 200 ? parseObject(text) : null
  if (answer === null || typeof answer.id_token !== 'string') {
    return [new Response(text === '' ? null : text, { status, headers }), null] as const
  }
  const { id_token: idToken, ...rest } = answer
  return [new Response(JSON.stringify(rest), { status, headers }), String(idToken)] as const
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
