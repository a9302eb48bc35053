import type { Patch } from './aws-emulator-patches.ts'
import { type AwsAnswer, type AwsRequest, accessKeyOf, errorAnswer } from './aws-emulator-requests.ts'
import type { PatchState } from './aws-emulator-state.ts'

const VERSION = '2012-12-01'

export const redshiftPatches: Readonly<Record<string, Patch>> = {
  // In moto every cluster is available. Redshift API reference, Cluster, ClusterStatus: creating, paused, …
  async DescribeClusters({ body, parameters }, forward, { warehouses }) {
    const answer = await forward(body)
    const status = warehouses.get(parameters.get('ClusterIdentifier') ?? '')
    if (status === undefined) return answer
    return { ...answer, body: answer.body.replace(/(?<=<ClusterStatus>)[^<]*/, status) }
  },

  // moto takes any user and forgets the groups. Redshift API reference, GetClusterCredentials: constraints of DbUser and
  // DbGroups; management guide, "Generating database credentials using the CLI or API": IAMA:user:group. That other cases
  // are refused: aws/amazon-redshift-python-driver, issue 49.
  async GetClusterCredentials({ parameters, body, service }, forward) {
    const user = parameters.get('DbUser') ?? ''
    const groups = [...parameters].filter(([name]) => name.startsWith('DbGroups.')).map(([, group]) => group)
    if (/[A-Z]/.test(user))
      return errorAnswer(400, 'InvalidParameterValue', 'DbUser parameter must be lowercase', service)
    if (!/^[a-z][\w+.@-]{0,63}$/.test(user) || groups.some((group) => !/^[a-z][a-z0-9_+.@-]{0,63}$/.test(group)))
      return errorAnswer(400, 'InvalidParameterValue', 'The parameter is not valid.', service)
    const answer = await forward(body)
    const joined = ['', ...groups].join(':')
    return { ...answer, body: answer.body.replace('</DbUser>', `${joined}</DbUser>`) }
  },

  // moto has no such operation. Redshift API reference, GetClusterCredentialsWithIAM; the user of a role is that of the
  // role, whichever session asks.
  async GetClusterCredentialsWithIAM(asked, forward, state) {
    const { parameters, service } = asked
    const identifier = parameters.get('ClusterIdentifier') ?? ''
    const describe = { Action: 'DescribeClusters', Version: VERSION, ClusterIdentifier: identifier }
    const found = await forward(new URLSearchParams(describe))
    if (found.status !== 200) return found
    const password = newPassword(asked, state, Number(parameters.get('DurationSeconds') ?? 900))
    if (password === null)
      return errorAnswer(400, 'InvalidParameterValue', 'Token duration must be between 900 and 3600 seconds', service)
    const { user, secret, end } = password
    const result = `<DbUser>${user}</DbUser><DbPassword>${secret}</DbPassword><Expiration>${end.toISOString()}</Expiration>`
    const wrapped = `<GetClusterCredentialsWithIAMResult>${result}</GetClusterCredentialsWithIAMResult>`
    return {
      status: 200,
      body: `<GetClusterCredentialsWithIAMResponse>${wrapped}</GetClusterCredentialsWithIAMResponse>`,
    }
  },
}

/** moto has no Redshift Serverless at all. */
export const redshiftServerlessPatches: Readonly<Record<string, Patch>> = {
  // Redshift Serverless API reference, GetWorkgroup: workgroup.workgroupId, or ResourceNotFoundException.
  async GetWorkgroup(asked, _, { workgroups }) {
    const { workgroupName } = JSON.parse(asked.body)
    const workgroupId = workgroups.get(`${asked.account}/${workgroupName}`)
    if (workgroupId === undefined) return noWorkgroup(asked, workgroupName)
    return json({
      workgroup: { workgroupName, workgroupId, status: 'AVAILABLE', endpoint: endpointOf(asked, workgroupName) },
    })
  },

  // Redshift Serverless API reference, ListWorkgroups.
  async ListWorkgroups({ account }, _, { workgroups }) {
    const names = [...workgroups.keys()].filter((key) => key.startsWith(`${account}/`)).map((key) => key.split('/')[1])
    return json({ workgroups: names.map((workgroupName) => ({ workgroupName })) })
  },

  // Redshift Serverless API reference, GetCredentials.
  async GetCredentials(asked, _, state) {
    const { workgroupName, durationSeconds = 900 } = JSON.parse(asked.body)
    if (!state.workgroups.has(`${asked.account}/${workgroupName}`)) return noWorkgroup(asked, workgroupName)
    const password = newPassword(asked, state, durationSeconds)
    if (password === null)
      return errorAnswer(400, 'ValidationException', 'durationSeconds must be between 900 and 3600', asked.service)
    const { user, secret, end } = password
    return json({ dbUser: user, dbPassword: secret, expiration: end.getTime() / 1000 })
  },
}

/** `IAMR:` and the role's name for a session of a role, `IAM:` and the user's name for a user (Redshift management guide). */
function newPassword(asked: AwsRequest, state: PatchState, seconds: number) {
  if (seconds < 900 || seconds > 3600) return null
  state.passwords += 1
  const role = state.roles.get(accessKeyOf(asked))
  const secret = `secret-${state.passwords}`.padEnd(32, 'x')
  return { user: role === undefined ? 'IAM:test' : `IAMR:${role}`, secret, end: new Date(Date.now() + seconds * 1000) }
}

/** Redshift management guide, "Connecting to Amazon Redshift Serverless". */
function endpointOf({ account, region }: AwsRequest, workgroup: string) {
  return { address: `${workgroup}.${account}.${region}.redshift-serverless.amazonaws.com`, port: 5439 }
}

function noWorkgroup({ service }: AwsRequest, name: string): AwsAnswer {
  return errorAnswer(400, 'ResourceNotFoundException', `Workgroup ${name} not found.`, service)
}

function json(value: object): AwsAnswer {
  return { status: 200, body: JSON.stringify(value) }
}
