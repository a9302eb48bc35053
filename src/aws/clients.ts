import type { EC2Client } from '@aws-sdk/client-ec2'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { RDSClient } from '@aws-sdk/client-rds'
import type { RedshiftClient } from '@aws-sdk/client-redshift'
import type { RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless'
import type { STSClient } from '@aws-sdk/client-sts'
import { noRegion } from '../provisioning/place.ts'
import { type OnAttemptFailed, type Watched, watchAttempts } from './attempts.ts'
import type { HttpAgents } from './http-agents.ts'

export type IamSdk = typeof import('./sdk/iam.ts')
export type Ec2Sdk = typeof import('./sdk/ec2.ts')
export type RdsSdk = typeof import('./sdk/rds.ts')
export type RedshiftSdk = typeof import('./sdk/redshift.ts')
export type RedshiftServerlessSdk = typeof import('./sdk/redshift-serverless.ts')

/** A client, and the commands that it takes. */
interface Service<Sdk, Client> {
  readonly sdk: Sdk
  readonly client: Client
}

export type Iam = Service<IamSdk, IAMClient>
export type Ec2 = Service<Ec2Sdk, EC2Client>
export type Rds = Service<RdsSdk, RDSClient>
export type Redshift = Service<RedshiftSdk, RedshiftClient>
export type RedshiftServerless = Service<RedshiftServerlessSdk, RedshiftServerlessClient>

/** The clients of one account. Those of other services than IAM are loaded when they are first needed. */
export interface Clients {
  readonly region: string
  readonly isRegionConfigured: boolean
  readonly iam: Iam
  /** A client that sends a request once, whatever becomes of it. */
  readonly iamOnce: () => Iam
  readonly ec2: () => Promise<Ec2>
  /** In the region, or in that of the account. */
  readonly rds: (region?: string) => Promise<Rds>
  readonly redshift: () => Promise<Redshift>
  readonly redshiftServerless: () => Promise<RedshiftServerless>
}

/** As a client keeps them: remembered, and fetched anew before they expire. */
export type Credentials = STSClient['config']['credentials']

/** What all clients of an account have in common, beside their credentials. */
export interface ClientSettings extends Pick<HttpAgents, 'requestHandler'> {
  readonly region: string
  /** Of the files of profiles: endpoints and the like. */
  readonly profile?: string
  readonly retryMode?: string
  readonly maxAttempts?: number
  readonly logger: STSClient['config']['logger']
}

/** What is at hand before there are credentials. */
export interface Opening {
  readonly sdk: IamSdk
  readonly settings: ClientSettings
  readonly isRegionConfigured: boolean
  readonly onAttemptFailed: OnAttemptFailed
}

type CredentialProvider = Credentials | ReturnType<IamSdk['fromNodeProviderChain']>

export function stsClient({ sdk, settings, onAttemptFailed }: Opening, credentials: CredentialProvider): STSClient {
  return watched('sts', new sdk.STSClient({ ...settings, credentials }), onAttemptFailed)
}

export function clientsOf(opening: Opening, credentials: Credentials): Clients {
  const { sdk, onAttemptFailed } = opening
  const settings = { ...opening.settings, credentials }
  const watch = <Client extends Watched>(service: string, client: Client) => watched(service, client, onAttemptFailed)
  return {
    region: settings.region,
    isRegionConfigured: opening.isRegionConfigured,
    iam: { sdk, client: watch('iam', new sdk.IAMClient(settings)) },
    iamOnce: once(() => ({ sdk, client: watch('iam', new sdk.IAMClient({ ...settings, maxAttempts: 1 })) })),
    ec2: once(async () => {
      refuseUnknownRegion(opening)
      const ec2 = await import('./sdk/ec2.ts')
      return { sdk: ec2, client: watch('ec2', new ec2.EC2Client(settings)) }
    }),
    rds: oncePer(async (named?: string) => {
      if (named === undefined) refuseUnknownRegion(opening)
      const region = named ?? settings.region
      const rds = await import('./sdk/rds.ts')
      return { sdk: rds, client: watch('rds', new rds.RDSClient({ ...settings, region })) }
    }),
    redshift: once(async () => {
      refuseUnknownRegion(opening)
      const redshift = await import('./sdk/redshift.ts')
      return { sdk: redshift, client: watch('redshift', new redshift.RedshiftClient(settings)) }
    }),
    redshiftServerless: once(async () => {
      refuseUnknownRegion(opening)
      const redshift = await import('./sdk/redshift-serverless.ts')
      return { sdk: redshift, client: watch('redshift-serverless', new redshift.RedshiftServerlessClient(settings)) }
    }),
  }
}

function once<T>(make: () => T): () => T {
  return oncePer<undefined, T>(make)
}

function oncePer<Key, T>(make: (key?: Key) => T): (key?: Key) => T {
  const made = new Map<Key | undefined, T>()
  return (key) => {
    const known = made.get(key) ?? make(key)
    made.set(key, known)
    return known
  }
}

function watched<Client extends Watched>(service: string, client: Client, onAttemptFailed: OnAttemptFailed): Client {
  watchAttempts(client, service, onAttemptFailed)
  return client
}

/** Of all regions the one that nobody named would be the wrong one. */
function refuseUnknownRegion({ isRegionConfigured }: Opening): void {
  if (!isRegionConfigured) throw noRegion()
}
