import { AdminError } from '../errors.ts'
import { withoutUserInfo } from '../iam/issuer.ts'
import { quote } from '../iam/quote.ts'
import { useProxyOfEnvironment } from './proxy.ts'

const TIMEOUT_SECONDS = 5
const MOST_BYTES = 1_000_000

/**
 * Gets one JSON document of the identity provider. Redirects are not followed: what another host says of the issuer's
 * keys is no word of the issuer.
 *
 * @param what what is fetched, for messages
 * @throws AdminError UNAVAILABLE_ISSUER
 */
export async function fetchJson(url: string, what: string): Promise<unknown> {
  useProxyOfEnvironment(process.env)
  const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000)
  try {
    const response = await fetch(url, { redirect: 'manual', signal, headers: { accept: 'application/json' } })
    return await readAnswer(response)
  } catch (error) {
    throw issuerUnavailable(`cannot read ${what} at ${url}`, url, error, TIMEOUT_SECONDS)
  }
}

/** An answer came, and it is of no use. */
class UselessAnswer extends Error {}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status !== 200) {
    await response.body?.cancel()
    const leadsTo = response.headers.get('location')
    const redirect = leadsTo === null ? '' : `, a redirect to ${quote(withoutUserInfo(leadsTo))}, which is not followed`
    throw new UselessAnswer(`it answered ${response.status}${redirect}`)
  }
  const text = await readText(response)
  try {
    return JSON.parse(text)
  } catch {
    throw new UselessAnswer('it answered with something else than JSON')
  }
}

/** @throws where it is endless */
export async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) throw new UselessAnswer(`it answered with more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Why the identity provider gave no answer that is of use.
 *
 * @param attempt what was tried, in words that begin the message
 * @param seconds how long an answer was waited for
 */
export function issuerUnavailable(attempt: string, url: string, error: unknown, seconds: number): AdminError {
  const { problem, suggestions } = error instanceof UselessAnswer ? { problem: error.message } : explain(error, seconds)
  return new AdminError('UNAVAILABLE_ISSUER', `${attempt}: ${problem}`, {
    suggestions: suggestions ?? ['admin sso check'],
    details: { url, problem },
  })
}

/** `fetch` hides what happened in the cause of its error. */
function explain(
  error: unknown,
  seconds: number,
): { readonly problem: string; readonly suggestions?: readonly string[] } {
  if (!(error instanceof Error)) return { problem: String(error) }
  if (error.name === 'TimeoutError') return { problem: `no answer within ${seconds} s` }
  const cause: unknown = error.cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code in KNOWN_TROUBLE) return { problem: `${KNOWN_TROUBLE[code]} (${code})` }
  if (/CERT|SIGNATURE|ERR_TLS/.test(code)) {
    return {
      problem: `its TLS certificate is not trusted (${code})`,
      suggestions: ['NODE_EXTRA_CA_CERTS=/path/to/ca.pem admin sso check'],
    }
  }
  return { problem: code || (cause instanceof Error ? cause.message : error.message) }
}

const KNOWN_TROUBLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name does not resolve at the moment',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'the connection timed out',
}
