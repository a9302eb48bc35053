import { AdminError } from '../errors.ts'
import { escapeControls, quote } from '../iam/quote.ts'

/** The name that a name is another name of, by DNS. Fails as `node:dns` does. */
export type FindCname = (host: string) => Promise<string | null>

const MOST_HOPS = 8
/** Answers of DNS that are answers: the name is not there, or has no CNAME (Node.js documentation, "DNS: Error codes"). */
const NO_CNAME = /^E(NODATA|NOTFOUND)$/

/**
 * Follows CNAME records until a name will do.
 *
 * @returns the names on the way, the last of which is that name
 * @throws AdminError INVALID_DATABASE_REFERENCE, UNAVAILABLE_DNS
 */
export async function followCnames(
  host: string,
  isGoal: (name: string) => boolean,
  findCname: FindCname,
): Promise<readonly string[]> {
  const names: string[] = []
  for (let name = host; names.length < MOST_HOPS; ) {
    const next = await ask(name, findCname)
    if (next === null) throw leadsNowhere(host, names)
    name = next.toLowerCase().replace(/\.$/, '')
    names.push(escapeControls(name))
    if (isGoal(name)) return names
  }
  throw leadsNowhere(host, names)
}

async function ask(name: string, findCname: FindCname): Promise<string | null> {
  try {
    return await findCname(name)
  } catch (error) {
    const code = dnsCode(error)
    if (NO_CNAME.test(code)) return null
    const message = `DNS did not say what ${quote(name)} is another name of: ${code}\nit is safe to run the command again; --sign-host ENDPOINT does without DNS`
    throw new AdminError('UNAVAILABLE_DNS', message, { cause: error })
  }
}

/** As `ESERVFAIL`. */
export function dnsCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error)
}

function leadsNowhere(host: string, names: readonly string[]): AdminError {
  const way = names.length === 0 ? 'it has no CNAME record' : `it leads to ${names.join(', ')}`
  const message = `no token can be signed for ${quote(host)}: ${way}, and to no endpoint of RDS\nan alias record of Route 53 does not show what it leads to; then name that: --sign-host ENDPOINT`
  return new AdminError('INVALID_DATABASE_REFERENCE', message, { details: { hostname: host, names } })
}
