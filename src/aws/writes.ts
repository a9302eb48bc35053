import type { Call } from '../provisioning/plan.ts'
import type { Ask } from './ask.ts'
import type { Clients, Ec2Sdk, IamSdk, RdsSdk } from './clients.ts'

/** The operations that a file of the SDK brings. */
type Operation<Sdk> = { [Name in keyof Sdk]: Name extends `${infer Of}Command` ? Of : never }[keyof Sdk]

const IAM = [
  'AddClientIDToOpenIDConnectProvider',
  'AddRoleToInstanceProfile',
  'AttachRolePolicy',
  'CreateInstanceProfile',
  'CreateOpenIDConnectProvider',
  'CreatePolicy',
  'CreatePolicyVersion',
  'CreateRole',
  'DeleteInstanceProfile',
  'DeleteOpenIDConnectProvider',
  'DeletePolicy',
  'DeletePolicyVersion',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'RemoveRoleFromInstanceProfile',
  'TagInstanceProfile',
  'TagPolicy',
  'TagRole',
  'UpdateAssumeRolePolicy',
  'UpdateOpenIDConnectProviderThumbprint',
  'UpdateRole',
] as const satisfies readonly Operation<IamSdk>[]

const EC2 = [
  'AssociateIamInstanceProfile',
  'DisassociateIamInstanceProfile',
  'ReplaceIamInstanceProfileAssociation',
] as const satisfies readonly Operation<Ec2Sdk>[]

const RDS = ['ModifyDBCluster', 'ModifyDBInstance'] as const satisfies readonly Operation<RdsSdk>[]

/** All that can be written: what is not in this table cannot be sent. */
export const WRITES: Readonly<Record<Call['service'], readonly string[]>> = { ec2: EC2, iam: IAM, rds: RDS }

/** Sends a call of a plan. */
export async function send(clients: Clients, ask: Ask, call: Call): Promise<void> {
  const { service, operation } = call
  if (!WRITES[service].includes(operation)) {
    throw new Error(`a plan names an operation that is not there: ${service}:${operation}`)
  }
  const { client, sdk } = await serviceOf(clients, call)
  const command = toCommand(sdk, call)
  await ask(`${service}:${operation}`, resourceOf(call), () => client.send(command))
}

/** To the compiler the clients and the commands of the services have nothing in common. */
interface Service {
  readonly sdk: object
  readonly client: { send(command: never): Promise<unknown> }
}

/** Each CreatePolicyVersion makes another version: where its answer is lost it must not be sent again unseen. */
async function serviceOf(clients: Clients, { service, operation }: Call): Promise<Service> {
  if (service === 'ec2') return clients.ec2()
  if (service === 'rds') return clients.rds()
  return operation === 'CreatePolicyVersion' ? clients.iamOnce() : clients.iam
}

/** The input is what the API reference says; AWS checks it, the compiler cannot. */
function toCommand(sdk: object, { operation, input }: Call): never {
  const CommandOf = Reflect.get(sdk, `${operation}Command`) as new (of: Call['input']) => never
  return new CommandOf(input)
}

const NAMES: Readonly<Record<string, string>> = {
  InstanceProfileName: 'instance profile ',
  RoleName: 'role ',
  PolicyArn: '',
  PolicyName: 'policy ',
  OpenIDConnectProviderArn: '',
  Url: '',
  DBClusterIdentifier: 'cluster ',
  DBInstanceIdentifier: 'instance ',
  InstanceId: 'instance ',
  AssociationId: 'association ',
}

/** What is written to, by the first of its names that the call has. */
function resourceOf({ input }: Call): string | null {
  const name = Object.keys(NAMES).find((key) => input[key] !== undefined)
  return name === undefined ? null : `${NAMES[name]}${String(input[name])}`
}
