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

  // moto stores it at once, always. RDS API reference, ModifyDBInstance: as for clusters.
  ModifyDBInstance: (asked, forward, state) => modified('DBInstance', asked, forward, state),
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

/** moto gives all instances the same DbiResourceId. */
function patchDatabase(xml: string, kind: Kind, asked: AwsRequest, state: PatchState): string {
  const key = keyOf(kind, asked, text(xml, `${kind}Identifier`))
  const id = createHash('sha256').update(key).digest('hex').toUpperCase().slice(0, 26)
  const unique = xml.replace(/<DbiResourceId>.*?<\/DbiResourceId>/, `<DbiResourceId>db-${id}</DbiResourceId>`)
  const database = state.databases.get(key)
  return database === undefined ? unique : withIamAuthentication(unique, kind, database)
}

function withIamAuthentication(xml: string, kind: Kind, { iamAuthentication, pending }: DatabaseState): string {
  const name = 'IAMDatabaseAuthenticationEnabled'
  const waiting = pending === null ? '' : `<${name}>${pending}</${name}>`
  return xml
    .replace(new RegExp(`<${name}>.*?</${name}>`), `<${name}>${iamAuthentication}</${name}>`)
    .replace(/<PendingModifiedValues>.*?<\/PendingModifiedValues>|<PendingModifiedValues\/>/s, '')
    .replace(`</${kind}>`, `<PendingModifiedValues>${waiting}</PendingModifiedValues></${kind}>`)
}

function keyOf(kind: Kind, { account, region }: AwsRequest, identifier: string): string {
  return `${account}/${region}/${kind}/${identifier.toLowerCase()}`
}
