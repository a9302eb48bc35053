import { DNS_SUFFIX_PATTERN } from '../../iam/partition.ts'
import { quote } from '../../iam/quote.ts'
import { REGION_PATTERN } from '../../iam/region.ts'
import type { RedshiftEndpoint, RedshiftLogin } from './redshift-login.ts'

/** `NAME.….REGION.redshift.SUFFIX`, or of Serverless. */
const ENDPOINT = new RegExp(`\\.(${REGION_PATTERN})\\.redshift(?:-serverless)?\\.(?:${DNS_SUFFIX_PATTERN})$`)

/** The region in the name of an endpoint of Redshift; `null` for any other host. */
export function regionOfRedshift(host: string): string | null {
  return ENDPOINT.exec(host)?.[1] ?? null
}

/** The host leads to the endpoint, but is not the name that its certificate is for. */
export function isTunnel({ endpoint, target }: RedshiftLogin): boolean {
  if (endpoint === null || regionOfRedshift(endpoint.host) !== null) return false
  return !(target.kind === 'custom-domain' && target.name === endpoint.host)
}

/** What to do where libpq must be told the name of the certificate and nobody here knows it. */
export function unnamedTunnelProblem({ host }: RedshiftEndpoint): string {
  return `verify-full refuses the connection as it is: the certificate is not for ${quote(host)}, but for the endpoint of Redshift
give libpq the name of the endpoint as host (PGHOST), and the address of ${quote(host)} as hostaddr (PGHOSTADDR)`
}

/** The drivers of JDBC and ODBC check no other name than the one that they connect to. */
export function driverTunnelProblem({ host, port }: RedshiftEndpoint): string {
  return `verify-full refuses the connection as it is: the driver checks the certificate for ${quote(host)}, and it is for the endpoint of Redshift
give the beginning of the tunnel that name in /etc/hosts, as 127.0.0.1 ENDPOINT, and say --host ENDPOINT --port ${port}
or write verify-ca in place of verify-full: that checks by what authority the certificate was signed, and not for whom`
}
