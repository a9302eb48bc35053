import { createHash, randomBytes } from 'node:crypto'

export const CLIENT_ID = 'workbench'
export const CLIENT_SECRET = 'not-a-secret-of-anybody'
export const REDIRECT_URI = 'http://127.0.0.1/openid/callback'
export const SCOPE = 'openid profile email'

/**
 * A login without a browser: the authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636), following redirects and
 * keeping cookies as a browser would. Answers the ID token.
 */
export async function logIn(issuer: string, account: string): Promise<string> {
  const metadata = await json(await fetch(`${issuer}/.well-known/openid-configuration`))
  const verifier = randomBytes(32).toString('base64url')
  const code = await authorize(String(metadata.authorization_endpoint), account, verifier)
  const answer = await fetch(String(metadata.token_endpoint), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    }),
  })
  const { id_token: idToken, ...rest } = await json(answer)
  if (typeof idToken !== 'string') throw new Error(`no ID token: ${JSON.stringify(rest)}`)
  return idToken
}

/**
 * What a person does in a browser with the address that a device shows: confirms the code, and is the account that the
 * cookie names; or refuses (RFC 8628 §3.3).
 */
export async function answerDevice(address: string, account: string, isRefused: boolean): Promise<void> {
  const cookies = new Map([['test-account', account]])
  const page = await visit(new URL(address), cookies)
  const [, secret = ''] = /name="xsrf" value="([^"]+)"/.exec(page.body) ?? []
  const code = new URL(address).searchParams.get('user_code') ?? ''
  const form = new URLSearchParams({ xsrf: secret, user_code: code, [isRefused ? 'abort' : 'confirm']: 'yes' })
  let next = (await visit(new URL(address.replace(/\?.*/, '')), cookies, form)).location
  while (next !== null) next = (await visit(next, cookies)).location
}

async function authorize(endpoint: string, account: string, verifier: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    login_hint: account,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const cookies = new Map<string, string>()
  let url = new URL(`${endpoint}?${query}`)
  while (!url.href.startsWith(REDIRECT_URI)) url = await step(url, cookies)
  const code = url.searchParams.get('code')
  if (code === null) throw new Error(`the login of ${account} failed: ${url.search}`)
  return code
}

/** One request of the browser, answered by where it is sent. */
async function step(url: URL, cookies: Map<string, string>): Promise<URL> {
  const { location, status, body } = await visit(url, cookies)
  if (location === null) throw new Error(`${url.pathname} answered ${status}: ${body.slice(0, 500)}`)
  return location
}

/** One request of the browser: sends its cookies, keeps the new ones. */
async function visit(url: URL, cookies: Map<string, string>, form?: URLSearchParams) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const post = form === undefined ? {} : { method: 'POST', body: form }
  const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...post })
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  const location = response.headers.get('location')
  return {
    location: location === null ? null : new URL(location, url),
    status: response.status,
    body: await response.text(),
  }
}

async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>
}
