import { BlockList, isIP } from 'node:net'
import { type Finding, failed, passed, warning } from './finding.ts'

/** The addresses of a host name. Rejects where it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>

interface Host {
  readonly name: string
  readonly addresses: readonly string[]
}

const EXPECTED = 'public addresses: AWS fetches the keys itself, over the Internet'

/**
 * Whether AWS could reach the hosts of these URLs. Seen from here there is no proof that it can, only that it cannot.
 *
 * @param isReached whether we could; behind a proxy it is the proxy that resolves names
 */
export async function checkAddresses(urls: readonly string[], resolve: Resolve, isReached: boolean): Promise<Finding> {
  const names = [...new Set(urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, '')))]
  const hosts = await Promise.all(names.map(async (name) => ({ name, addresses: await resolve(name).catch(() => []) })))
  const seen = hosts.map(describeHost).join('; ')
  const hidden = hosts.flatMap(({ addresses }) => addresses).filter(isPrivateAddress)
  if (hidden.length > 0) {
    const fix = `AWS cannot reach ${hidden.join(', ')}; publish discovery document and keys on a public address, or see that public name servers answer with one`
    return failed('public-address', seen, EXPECTED, fix)
  }
  if (hosts.every(({ addresses }) => addresses.length > 0)) {
    return passed('public-address', seen, EXPECTED, 'reachable from here is no proof that AWS reaches it too')
  }
  return isReached
    ? warning('public-address', seen, EXPECTED, 'it was reached through a proxy; see that public name servers know it')
    : failed('public-address', seen, EXPECTED, 'correct the issuer or the name server')
}

function describeHost({ name, addresses }: Host): string {
  return addresses.length === 0 ? `${name} does not resolve here` : `${name}: ${addresses.join(', ')}`
}

/** RFC 6890, special-purpose address registries: those that no packet from AWS can arrive at. */
const PRIVATE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6')
}

export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
