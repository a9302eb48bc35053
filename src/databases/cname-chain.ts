import { AdminError } from '../errors.ts'
import { escapeControls, quote } from '../iam/quote.ts'

/** The name that a name is another name of, by DNS. Fails as `node:dns` does. */
export type FindCname = (host: string) => Promise<string | null>

const MOST_HOPS = 8
/** Answers of DNS that are answers: the name has no CNAME, or is not there (Node.js documentation, "DNS: Error codes"). */
const END = { ENODATA: 'no CNAME', ENOTFOUND: 'unknown' } as const

type End = (typeof END)[keyof typeof END]

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
    if ('end' in next) throw leadsNowhere(host, names, next.end)
    name = next.name.toLowerCase().replace(/\.$/, '')
    names.push(escapeControls(name))
    if (isGoal(name)) return names
  }
  throw leadsNowhere(host, names, 'no CNAME')
}

async function ask(name: string, findCname: FindCname): Promise<{ readonly name: string } | { readonly end: End }> {
  try {
    const found = await findCname(name)
    return found === null ? { end: 'no CNAME' } : { name: found }
  } catch (error) {
    const code = dnsCode(error)
    if (code === 'ENODATA' || code === 'ENOTFOUND') return { end: END[code] }
    const message = `DNS did not say what ${quote(name)} is another name of: ${code}\nit is safe to run the command again; --sign-host ENDPOINT does without DNS`
    throw new AdminError('UNAVAILABLE_DNS', message, { cause: error })
  }
}

/** As `ESERVFAIL`. */
export function dnsCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error)
}

function leadsNowhere(host: string, names: readonly string[], end: End): AdminError {
  const alias = 'an alias record of Route 53 does not show what it leads to; then name that: --sign-host ENDPOINT'
  const [reason, advice] =
    names.length > 0
      ? [`it leads to ${names.join(', ')}, and to no endpoint of RDS`, alias]
      : end === 'unknown'
        ? ['DNS does not know that name', 'look at how it is written, and whether only a DNS server elsewhere knows it']
        : ['it has no CNAME record, so it is not seen to lead to an endpoint of RDS', alias]
  const message = `no token can be signed for ${quote(host)}: ${reason}\n${advice}`
  return new AdminError('INVALID_DATABASE_REFERENCE', message, { details: { hostname: host, names } })
}
