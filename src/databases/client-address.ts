import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import { dnsCode } from './cname-chain.ts'
import { type Engine, engineName } from './engine.ts'
import type { RdsTarget } from './rds-target.ts'

/** What a client is told of where to connect to. */
export interface ClientAddress {
  /** The name that the certificate must be for. */
  readonly host: string
  /** Where that is not where to connect to: the addresses of that, one of which will do. */
  readonly addresses: readonly string[]
  readonly port: number
}

/** The addresses of a name, as the system knows them. */
export type FindAddresses = (host: string) => Promise<readonly string[]>

/**
 * The certificate of a database names its endpoint, whatever alias or tunnel leads there. libpq connects to one place and
 * checks the name of another (PostgreSQL documentation, "Parameter Key Words", hostaddr); the clients of MySQL and MariaDB
 * check the name that they connect to, so for them an alias is replaced by what it leads to, and a tunnel must have the
 * name of the endpoint.
 *
 * @throws AdminError REFUSED_ENGINE, UNAVAILABLE_DNS
 */
export async function clientAddress(
  target: RdsTarget,
  engine: Engine,
  findAddresses: FindAddresses,
): Promise<ClientAddress> {
  const { hostname, port, signHost, isAlias } = target
  if (hostname === signHost || (isAlias && engine !== 'postgres')) return { host: signHost, addresses: [], port }
  if (engine !== 'postgres') throw noTunnel(target, engine)
  return { host: signHost, addresses: await addressesOf(hostname, findAddresses), port }
}

/** One name for each address: libpq pairs them. */
export function pairedHosts({ host, addresses }: ClientAddress): string {
  return addresses.length === 0 ? host : addresses.map(() => host).join(',')
}

/** @throws AdminError UNAVAILABLE_DNS */
export async function addressesOf(hostname: string, findAddresses: FindAddresses): Promise<readonly string[]> {
  try {
    return await findAddresses(hostname)
  } catch (error) {
    const message = `the address of ${quote(hostname)} is not known: ${dnsCode(error)}`
    throw new AdminError('UNAVAILABLE_DNS', message, { cause: error })
  }
}

function noTunnel({ hostname, port, signHost, signPort }: RdsTarget, engine: Engine): AdminError {
  const lines = [
    `a client of ${engineName(engine)} checks the certificate for the name that it connects to, ${quote(hostname)}, and it is for ${signHost}`,
    `give the end of the tunnel that name in /etc/hosts, as 127.0.0.1 ${signHost}, and connect to it`,
  ]
  const words = `--hostname ${signHost} --port ${port} --sign-host ${signHost}:${signPort}`
  return new AdminError('REFUSED_ENGINE', lines.join('\n'), {
    suggestions: [
      `echo ${shellQuote(`127.0.0.1 ${signHost}`)} | sudo tee -a /etc/hosts`,
      `admin rds connect ${words} …`,
    ],
  })
}
