import { homedir } from 'node:os'
import type { CredentialSearch } from '../aws/credential-search.ts'
import { rdsSigner } from '../aws/rds-signer.ts'
import type { Clock } from '../clock.ts'
import { clientAddress } from '../databases/client-address.ts'
import { findRdsTarget, targetAsNamed } from '../databases/rds-target.ts'
import { type RdsToken, signRdsToken } from '../databases/rds-token.ts'
import type { ClientLogin } from '../databases/token-formats.ts'
import { findAddresses } from './find-addresses.ts'
import type { RdsRequest } from './rds-flags.ts'

const DNS = { timeout: 2000, tries: 3 }

/** @throws AdminError INVALID_DATABASE_REFERENCE, INVALID_REGION, DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS, UNAVAILABLE_DNS */
export async function makeRdsToken(request: RdsRequest, clock: Clock): Promise<RdsToken> {
  const target = await findRdsTarget({ ...request, ambientRegion: ambientRegion(process.env) }, findCname)
  return signRdsToken(target, request.username, rdsSigner(credentialSearch(), request.profile), clock)
}

/**
 * A password for a store on RDS. Its host may be one of any name whose region is known, as behind a tunnel: whether it is
 * the one that was signed for, the database says.
 *
 * @throws AdminError as {@link makeRdsToken}
 */
export async function storeToken(
  { username, ...place }: { readonly hostname: string; readonly port: number; readonly username: string },
  clock: Clock,
): Promise<string> {
  const target = targetAsNamed({ ...place, ambientRegion: ambientRegion(process.env) })
  return (await signRdsToken(target, username, rdsSigner(credentialSearch(), null), clock)).token
}

/** What a client needs beside the token. */
export async function clientLogin(
  { token, target }: RdsToken,
  { engine, username, database }: RdsRequest,
  caBundle: string | null,
): Promise<ClientLogin> {
  return { ...(await clientAddress(target, engine, findAddresses)), engine, username, token, database, caBundle }
}

export function credentialSearch(): CredentialSearch {
  return { environment: process.env, home: homedir(), argv: process.argv.slice(2) }
}

/** As it stands there: it is looked at where the name of the endpoint has none. */
function ambientRegion(environment: NodeJS.ProcessEnv) {
  const name = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((variable) => environment[variable])
  return name === undefined ? null : { name, region: environment[name] ?? '' }
}

/** Asks DNS itself: the system's own look-up does not tell of aliases. */
async function findCname(host: string): Promise<string | null> {
  const { Resolver } = await import('node:dns/promises')
  const [name = null] = await new Resolver(DNS).resolveCname(host)
  return name
}
