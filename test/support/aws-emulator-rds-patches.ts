import { createHash } from 'node:crypto'
import type { Patch } from './aws-emulator-patches.ts'
import { type AwsAnswer, type AwsRequest, errorAnswer, type Forward } from './aws-emulator-requests.ts'
import { type DatabaseState, type PatchState, settle } from './aws-emulator-state.ts'
import { text } from './aws-emulator-xml.ts'

type Kind = 'DBCluster' | 'DBInstance'

export const rdsPatches: Readonly<Record<string, Patch>> = {
  // moto makes it anew and forgets the other. RDS API reference, CreateDBCluster: DBClusterAlreadyExistsFault.
  async CreateDBCluster(asked, forward, state) {
    const DBClusterIdentifier = asked.parameters.get('DBClusterIdentifier') ?? ''
    const seen = await forward(call('DescribeDBClusters', { DBClusterIdentifier }))
    return seen.status === 200
      ? errorAnswer(400, 'DBClusterAlreadyExistsFault', 'DB Cluster already exists')
      : asPatched('DBCluster', asked, forward, state)
  },

  CreateDBInstance: (asked, forward, state) => asPatched('DBInstance', asked, forward, state),
  DescribeDBClusters: (asked, forward, state) => described('DBCluster', asked, forward, state),
  DescribeDBInstances: (asked, forward, state) => described('DBInstance', asked, forward, state),

  // moto answers 200 and never stores it. RDS API reference, ModifyDBCluster, EnableIAMDatabaseAuthentication and
  // ApplyImmediately: without the latter a change waits for the next maintenance window, as PendingModifiedValues tell.
  ModifyDBCluster: (asked, forward, state) => modified('DBCluster', asked, forward, state),

  // moto knows no option of MariaDB. RDS user guide, "Supported Regions and DB engines for IAM database authentication":
  // 10.11 and later have it, 10.6 and older do not.
  async DescribeOrderableDBInstanceOptions(asked, forward) {
    const { parameters, body } = asked
    if (parameters.get('Engine') !== 'mariadb') return forward(body)
    return { status: 200, body: mariaDbOptions(parameters.get('EngineVersion') ?? '') }
  },

  // moto calls the host POOL.db-proxy-…. RDS user guide, "Connecting to a database through RDS Proxy": POOL.proxy-….
  async DescribeDBProxies({ body }, forward) {
    const answer = await forward(body)
    return { ...answer, body: answer.body.replace(/(<Endpoint>[^<]*)\.db-proxy-/g, '$1.proxy-') }
  },

  // moto stores it at once, always. RDS API reference, ModifyDBInstance: as for clusters.
  ModifyDBInstance: (asked, forward, state) => modified('DBInstance', asked, forward, state),
}

function mariaDbOptions(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isSupported = major > 10 || (major === 10 && minor >= 11)
  const option = `<EngineVersion>${version}</EngineVersion><SupportsIAMDatabaseAuthentication>${isSupported}</SupportsIAMDatabaseAuthentication>`
  const list = `<OrderableDBInstanceOptions><OrderableDBInstanceOption>${option}</OrderableDBInstanceOption></OrderableDBInstanceOptions>`
  const result = `<DescribeOrderableDBInstanceOptionsResult>${list}</DescribeOrderableDBInstanceOptionsResult>`
  return `<DescribeOrderableDBInstanceOptionsResponse>${result}</DescribeOrderableDBInstanceOptionsResponse>`
}

function call(action: string, parameters: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ Action: action, Version: '2014-10-31', ...parameters })
}

async function described(kind: Kind, asked: AwsRequest, forward: Forward, state: PatchState): Promise<AwsAnswer> {
  const answer = await asPatched(kind, asked, forward, state)
  const identifier = asked.parameters.get(`${kind}Identifier`)
  const database = identifier === null ? undefined : state.databases.get(keyOf(kind, asked, identifier))
  if (database?.describesLeft != null) {
    database.describesLeft -= 1
    if (database.describesLeft <= 0) settle(database)
  }
  return answer
}

async function modified(kind: Kind, asked: AwsRequest, forward: Forward, state: PatchState): Promise<AwsAnswer> {
  const { parameters } = asked
  const identifier = parameters.get(`${kind}Identifier`) ?? ''
  const before = await forward(call(`Describe${kind}s`, { [`${kind}Identifier`]: identifier }))
  const answer = await forward(asked.body)
  const wanted = parameters.get('EnableIAMDatabaseAuthentication')
  if (answer.status === 200 && wanted !== null) {
    const key = keyOf(kind, asked, identifier)
    const known = state.databases.get(key)?.iamAuthentication
    const isOn = known ?? text(before.body, 'IAMDatabaseAuthenticationEnabled') === 'true'
    state.databases.set(key, change(isOn, wanted === 'true', parameters.get('ApplyImmediately') === 'true', state))
    if (parameters.get('ApplyImmediately') === 'true') state.otherPending.delete(identifier)
  }
  return patched(answer, kind, asked, state)
}

function change(isOn: boolean, wanted: boolean, isImmediate: boolean, state: PatchState): DatabaseState {
  if (isOn === wanted) return { iamAuthentication: isOn, pending: null, describesLeft: null }
  if (!isImmediate) return { iamAuthentication: isOn, pending: wanted, describesLeft: null }
  return state.describesUntilApplied === 0
    ? { iamAuthentication: wanted, pending: null, describesLeft: null }
    : { iamAuthentication: isOn, pending: wanted, describesLeft: state.describesUntilApplied }
}

async function asPatched(kind: Kind, asked: AwsRequest, forward: Forward, state: PatchState): Promise<AwsAnswer> {
  return patched(await forward(asked.body), kind, asked, state)
}

function patched(answer: AwsAnswer, kind: Kind, asked: AwsRequest, state: PatchState): AwsAnswer {
  const each = new RegExp(`<${kind}>.*?</${kind}>`, 'gs')
  return { ...answer, body: answer.body.replaceAll(each, (xml) => patchDatabase(xml, kind, asked, state)) }
}

/** moto gives all instances the same DbiResourceId, and the hosts of each cluster a part that nobody can foresee. */
function patchDatabase(xml: string, kind: Kind, asked: AwsRequest, state: PatchState): string {
  const identifier = text(xml, `${kind}Identifier`)
  const key = keyOf(kind, asked, identifier)
  const id = createHash('sha256').update(key).digest('hex').toUpperCase().slice(0, 26)
  const unique = xml
    .replace(/<DbiResourceId>.*?<\/DbiResourceId>/, `<DbiResourceId>db-${id}</DbiResourceId>`)
    .replaceAll(/\.cluster-(ro-)?[a-z0-9]{12}\./g, '.cluster-$1abcdefghijkl.')
  const database = state.databases.get(key)
  const others = state.otherPending.get(identifier) ?? {}
  const pending = { ...others, ...(database?.pending != null && { [IAM]: String(database.pending) }) }
  return withIamAuthentication(unique, database, waiting(pending), kind)
}

const IAM = 'IAMDatabaseAuthenticationEnabled'

function waiting(pending: Readonly<Record<string, string>>): string {
  const values = Object.entries(pending).map(([name, value]) => `<${name}>${value}</${name}>`)
  return `<PendingModifiedValues>${values.join('')}</PendingModifiedValues>`
}

function withIamAuthentication(xml: string, database: DatabaseState | undefined, pending: string, kind: Kind): string {
  const stored =
    database === undefined
      ? xml
      : xml.replace(new RegExp(`<${IAM}>.*?</${IAM}>`), `<${IAM}>${database.iamAuthentication}</${IAM}>`)
  return stored
    .replace(/<PendingModifiedValues>.*?<\/PendingModifiedValues>|<PendingModifiedValues\/>/s, '')
    .replace(`</${kind}>`, `${pending}</${kind}>`)
}

function keyOf(kind: Kind, { account, region }: AwsRequest, identifier: string): string {
  return `${account}/${region}/${kind}/${identifier.toLowerCase()}`
}
