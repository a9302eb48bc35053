import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

declare const issuer: unique symbol

/** The URL of an OIDC identity provider, byte for byte as the token's `iss` claim has it. */
export type Issuer = string & { readonly [issuer]: true }

export interface IssuerRules {
  /** Accept `http:` on a loopback address. For tests and demonstrations only: nothing protects such a login. */
  readonly allowInsecureLoopback?: boolean
}

const LONGEST = 255

/**
 * Nothing is tidied: a slash more or less, or another case, is another issuer to AWS and to the token.
 * Rules: OpenID Connect Discovery 1.0 §2 (https, no query, no fragment), IAM API reference,
 * CreateOpenIDConnectProvider (255 characters).
 *
 * @throws AdminError INVALID_ISSUER
 */
export function parseIssuer(text: string, rules: IssuerRules = {}): Issuer {
  const problem = issuerProblem(text, rules)
  if (problem !== null)
    throw new AdminError('INVALID_ISSUER', `${quote(withoutUserInfo(text))} is not an issuer URL: ${problem}`)
  return text as Issuer
}

/**
 * The name that IAM derives from an issuer: the URL without `https://`, otherwise verbatim. It ends the provider's ARN
 * and begins its condition keys (IAM user guide, "Create an OIDC identity provider").
 */
export function providerId(of: Issuer): string {
  return of.replace(/^https:\/\//, '')
}

/** Whether the URL leads to this very machine, whatever a name server says. */
export function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
}

/** As messages show a URL: a password in it is nobody's business. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z]+:)?[/\\]*[^/\\?#]*@/i, '$1//…@')
}

/**
 * In what alone two issuers differ that a person would read as the same, or `null`. For messages only: to the token and
 * to AWS they are two.
 */
export function nearMiss(one: string, other: string): string | null {
  const slashless = (text: string) => text.replace(/\/$/, '')
  const schemeless = (text: string) => text.replace(/^https?:\/\//i, '')
  if (one === other) return null
  if (slashless(one) === slashless(other)) return 'they differ only by a trailing slash'
  if (one.toLowerCase() === other.toLowerCase()) return 'they differ only by upper and lower case'
  if (schemeless(one) === schemeless(other)) return 'they differ only by http:// and https://'
  return one.trim() === other.trim() ? 'they differ only by white space' : null
}

function issuerProblem(text: string, rules: IssuerRules): string | null {
  if (text === '') return 'it is empty'
  if (/\s/.test(text)) return 'it contains white space'
  if (text.length > LONGEST) return `it has ${text.length} characters, AWS allows ${LONGEST}`
  if (/\/\.well-known\//.test(text))
    return 'that is where its metadata stands; the issuer is what comes before /.well-known/'
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:\/\//.test(text)) return 'expected https://HOST[/PATH]'
  if (url.username !== '' || url.password !== '') return 'it contains a user name or password'
  if (/[\\\p{Cc}]/u.test(text)) return 'it contains a backslash or a control character'
  if (!isHostAsWritten(text, url)) return `it reads as ${quote(url.origin)}; write it as the identity provider does`
  if (url.protocol === 'http:') return insecureProblem(url, rules)
  return urlProblem(url, text)
}

/** URL parsers mend what they read: the keys would come from another host than the one that stands in the text. */
function isHostAsWritten(text: string, url: URL): boolean {
  const start = `${url.protocol}//${url.host}`
  const defaultPort = url.protocol === 'https:' ? ':443' : ':80'
  const [head, rest] = [text.slice(0, start.length), text.slice(start.length)]
  const path = url.port === '' && rest.startsWith(defaultPort) ? rest.slice(defaultPort.length) : rest
  return head.toLowerCase() === start && (path === '' || /^[/?#]/.test(path))
}

function insecureProblem(url: URL, rules: IssuerRules): string | null {
  if (!isLoopback(url)) return 'it must begin with https://'
  return rules.allowInsecureLoopback === true
    ? null
    : 'http: is refused; for tests, set allowInsecureLoopback: true under sso: in the configuration file'
}

function urlProblem(url: URL, text: string): string | null {
  if (text.includes('?')) return 'it has a query; an issuer has none'
  if (text.includes('#')) return 'it has a fragment; an issuer has none'
  if (/[{}]|%7b/i.test(text)) return 'it contains a placeholder; put your tenant id in its place'
  if (
    /^login\.microsoftonline\.com$/i.test(url.hostname) &&
    /^\/(common|organizations|consumers)(\/|$)/i.test(url.pathname)
  ) {
    return `"${url.pathname.split('/')[1]}" stands for any tenant and never is the issuer of a token; use your tenant id`
  }
  return null
}
