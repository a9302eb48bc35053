import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '@aws-sdk/client-redshift'
import type { Workgroup } from '@aws-sdk/client-redshift-serverless'
import { toInstant } from '../clock.ts'
import type { FoundEndpoint, RedshiftAccess, RedshiftPassword } from '../databases/redshift/redshift-access.ts'
import type { RedshiftLogin, RedshiftTarget } from '../databases/redshift/redshift-login.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { type Ask, everyPage, orNull } from './ask.ts'
import { askWhoActs } from './caller-identity.ts'
import type { Clients, Redshift, RedshiftServerless } from './clients.ts'
import { translate } from './errors.ts'
import type { OpenClients } from './open-account.ts'
import { patiently } from './patiently.ts'
import { unknownRegion } from './region.ts'

/** Redshift behind the port of its logins. Where AWS throttles, it is asked again, unless `AWS_MAX_ATTEMPTS` says how often. */
export function redshiftAccess(opened: OpenClients, environment: NodeJS.ProcessEnv): RedshiftAccess {
  const { clients, opening, credentials } = opened
  const ask = askWithPatience(environment.AWS_MAX_ATTEMPTS === undefined ? undefined : 1)
  return {
    region: clients.region,
    findEndpoint: async (target) => {
      refuseUnknownRegion(clients)
      return (target.kind === 'workgroup' ? workgroupEndpoint : clusterEndpoint)(clients, ask, target.name)
    },
    askPassword: async (login) => {
      refuseUnknownRegion(clients)
      return passwordFor(clients, ask, login)
    },
    namesOf: (kind) => namesOf(clients, ask, kind),
    whoActs: () => askWhoActs(opening, credentials),
  }
}

function refuseUnknownRegion({ isRegionConfigured }: Clients): void {
  if (!isRegionConfigured) throw unknownRegion()
}

function askWithPatience(rounds: number | undefined): Ask {
  return async (action, resource, request) => {
    try {
      return await patiently(request, pause, rounds)
    } catch (error) {
      throw translate(error, { action, resource, caller: null, region: null })
    }
  }
}

async function clusterEndpoint(clients: Clients, ask: Ask, name: string): Promise<FoundEndpoint | null> {
  const { client, sdk } = await clients.redshift()
  const request = new sdk.DescribeClustersCommand({ ClusterIdentifier: name })
  const asked = ask('redshift:DescribeClusters', `cluster ${name}`, () => client.send(request))
  const [cluster] = listed(await orNull(asked))
  if (cluster === undefined) return null
  return { ...usableEndpoint(name, cluster), workgroupId: null }
}

/** AWS gives a list, even an empty one; a page of a proxy that happens to be XML has none. */
function listed(answer: { readonly Clusters?: Cluster[] | undefined } | null): readonly Cluster[] {
  if (answer === null) return []
  if (answer.Clusters === undefined)
    throw new AdminError('UNAVAILABLE_AWS', 'what answered is not AWS (it lists no clusters): is a proxy between?')
  return answer.Clusters
}

/** A cluster that is paused still says its endpoint, and nobody answers there. */
function usableEndpoint(name: string, { Endpoint: endpoint, ClusterStatus: status = '' }: Cluster) {
  const { Address: host, Port: port } = endpoint ?? {}
  if (/^paus/.test(status)) {
    throw unavailable(`the cluster ${quote(name)} is ${status}: nobody can log in to it`, [
      `aws redshift resume-cluster --cluster-identifier ${name}`,
    ])
  }
  if (host === undefined || port === undefined)
    throw unavailable(`the cluster ${quote(name)} has no endpoint yet: it is ${quote(status)}, expected available`)
  return { host, port }
}

async function workgroupEndpoint(clients: Clients, ask: Ask, name: string): Promise<FoundEndpoint | null> {
  const { client, sdk } = await clients.redshiftServerless()
  const request = new sdk.GetWorkgroupCommand({ workgroupName: name })
  const asked = ask('redshift-serverless:GetWorkgroup', `workgroup ${name}`, () => client.send(request))
  const workgroup = (await orNull(asked))?.workgroup
  return workgroup === undefined ? null : workgroupFound(name, workgroup)
}

function workgroupFound(name: string, { endpoint, status, workgroupId }: Workgroup): FoundEndpoint {
  const { address: host, port } = endpoint ?? {}
  if (host === undefined || port === undefined)
    throw unavailable(
      `the workgroup ${quote(name)} has no endpoint yet: it is ${quote(status ?? '')}, expected AVAILABLE`,
    )
  return { host, port, workgroupId: workgroupId ?? null }
}

function unavailable(message: string, suggestions: readonly string[] = [], cause?: AdminError): AdminError {
  return new AdminError('UNAVAILABLE_CLUSTER', message, { suggestions, details: cause?.details ?? {}, cause })
}

async function passwordFor(clients: Clients, ask: Ask, login: RedshiftLogin): Promise<RedshiftPassword> {
  try {
    return await passwordBy(clients, ask, login)
  } catch (error) {
    if (!(error instanceof AdminError) || !/^InvalidClusterState/.test(String(error.details.awsError))) throw error
    throw unavailable(`${wordsFor(login)}: nobody can log in now\n${String(error.details.awsMessage)}`, [], error)
  }
}

async function passwordBy(clients: Clients, ask: Ask, login: RedshiftLogin): Promise<RedshiftPassword> {
  if (login.method === 'get-credentials') return serverlessPassword(await clients.redshiftServerless(), ask, login)
  const redshift = await clients.redshift()
  return login.method === 'get-cluster-credentials'
    ? clusterPassword(redshift, ask, login)
    : clusterPasswordWithIam(redshift, ask, login)
}

async function clusterPassword({ client, sdk }: Redshift, ask: Ask, login: RedshiftLogin): Promise<RedshiftPassword> {
  const { autoCreate, groups, user } = login
  const request = new sdk.GetClusterCredentialsCommand({
    ...clusterInput(login),
    DbUser: user ?? undefined,
    AutoCreate: autoCreate,
    ...(groups.length > 0 && { DbGroups: [...groups] }),
  })
  const answer = await ask('redshift:GetClusterCredentials', wordsFor(login), () => client.send(request))
  return toPassword(answer.DbUser, answer.DbPassword, answer.Expiration)
}

async function clusterPasswordWithIam(
  { client, sdk }: Redshift,
  ask: Ask,
  login: RedshiftLogin,
): Promise<RedshiftPassword> {
  const request = new sdk.GetClusterCredentialsWithIAMCommand(clusterInput(login))
  const answer = await ask('redshift:GetClusterCredentialsWithIAM', wordsFor(login), () => client.send(request))
  return toPassword(answer.DbUser, answer.DbPassword, answer.Expiration)
}

function clusterInput({ target, database, duration }: RedshiftLogin) {
  return {
    ...(target.kind === 'cluster' ? { ClusterIdentifier: target.name } : { CustomDomainName: target.name }),
    DbName: database,
    ...(duration !== null && { DurationSeconds: duration }),
  }
}

async function serverlessPassword(
  { client, sdk }: RedshiftServerless,
  ask: Ask,
  login: RedshiftLogin,
): Promise<RedshiftPassword> {
  const { target, database, duration } = login
  const request = new sdk.GetCredentialsCommand({
    ...(target.kind === 'workgroup' ? { workgroupName: target.name } : { customDomainName: target.name }),
    dbName: database,
    ...(duration !== null && { durationSeconds: duration }),
  })
  const answer = await ask('redshift-serverless:GetCredentials', wordsFor(login), () => client.send(request))
  return toPassword(answer.dbUser, answer.dbPassword, answer.expiration)
}

function wordsFor({ target, database }: RedshiftLogin): string {
  return `${target.kind.replace('-', ' ')} ${target.name}, database ${database}`
}

function toPassword(dbUser?: string, dbPassword?: string, expiration?: Date): RedshiftPassword {
  if (!dbUser || !dbPassword || expiration === undefined)
    throw new AdminError('UNAVAILABLE_AWS', 'AWS answered without a user, a password or the end of its life')
  return { dbUser, dbPassword, expiration: toInstant(expiration) }
}

async function namesOf(clients: Clients, ask: Ask, kind: RedshiftTarget['kind']): Promise<readonly string[]> {
  if (kind === 'custom-domain') return []
  return kind === 'workgroup' ? workgroupNames(clients, ask) : clusterNames(clients, ask)
}

async function clusterNames(clients: Clients, ask: Ask): Promise<readonly string[]> {
  const { client, sdk } = await clients.redshift()
  return everyPage(
    (Marker) => ask('redshift:DescribeClusters', null, () => client.send(new sdk.DescribeClustersCommand({ Marker }))),
    ({ Marker }) => Marker,
    ({ Clusters = [] }) => Clusters.map(({ ClusterIdentifier = '' }) => ClusterIdentifier),
  )
}

async function workgroupNames(clients: Clients, ask: Ask): Promise<readonly string[]> {
  const { client, sdk } = await clients.redshiftServerless()
  const list = (nextToken: string | undefined) => client.send(new sdk.ListWorkgroupsCommand({ nextToken }))
  return everyPage(
    (nextToken) => ask('redshift-serverless:ListWorkgroups', null, () => list(nextToken)),
    ({ nextToken }) => nextToken,
    ({ workgroups = [] }) => workgroups.map(({ workgroupName = '' }) => workgroupName),
  )
}
