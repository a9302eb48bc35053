import { accountIdProblem } from './account-id.ts'
import { isPartition } from './partition.ts'
import { isDatabaseResourceId } from './policies/rds-connect-policy.ts'
import { quote } from './quote.ts'

interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

const WILDCARD = /[*?]/

/** What only a request decides. */
const PATTERN = /[*?]|\$\{/

/** In place of an account: none at all, as in S3, or AWS itself, as in its own policies and images. */
const NO_ACCOUNT: readonly string[] = ['', 'aws', 'amazon']

/** The ids that AWS makes have 26 letters and digits, in old examples 17; what is shorter was named by a person. */
const SHORTEST_RESOURCE_ID = 10

/** Why a policy cannot have this resource, `null` if it can (IAM user guide, "IAM JSON policy elements: Resource"). */
export function resourceProblem(text: string): string | null {
  if (text === '*') return null
  const arn = arnOf(text)
  if (arn === null) return 'expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE or "*"'
  const { partition, account } = arn
  if (!isPartition(partition) && !WILDCARD.test(partition)) {
    return `its partition is ${quote(partition)}, expected aws, aws-cn, aws-us-gov or another aws-…`
  }
  if (NO_ACCOUNT.includes(account) || WILDCARD.test(account)) return null
  const problem = accountIdProblem(account)
  return problem === null ? null : `its account id is ${quote(account)}: ${problem}`
}

/**
 * The resources with which `rds-db:connect` opens no database, in words that continue "the statement …". IAM takes them
 * all: nobody hears of the mistake before the login fails (Amazon Aurora user guide, "Creating and using an IAM policy for
 * IAM database access"). A resource that is there for another action of the statement is left alone.
 */
export function rdsConnectProblems(actions: readonly string[], resources: readonly string[]): readonly string[] {
  const services = actions.map((action) => action.toLowerCase().replace(/:.*/, ''))
  if (!services.includes('rds-db') || services.includes('*')) return []
  return resources.flatMap((resource) => {
    const arn = arnOf(resource)
    if (arn === null || (arn.service !== 'rds-db' && services.includes(arn.service))) return []
    const problem = connectProblem(arn)
    return problem === null
      ? []
      : [`has the Resource ${quote(resource)} for rds-db:connect: ${problem}; expected ${rightForm(arn)}`]
  })
}

function connectProblem({ service, resource }: Arn): string | null {
  if (service !== 'rds-db') return `its service is ${quote(service)}`
  const [, type = '', id = '', user] = /^([^:]*):?([^/]*)(?:\/(.+))?$/s.exec(resource) ?? []
  if (PATTERN.test(type)) return null
  if (type !== 'dbuser') return `its type is ${quote(type)}`
  if (PATTERN.test(id)) return null
  if (!isDatabaseResourceId(id) || id.replace(/^.*-/, '').length < SHORTEST_RESOURCE_ID) {
    return `${quote(id)} is no resource id; AWS makes that one, and shows it as DbClusterResourceId or DbiResourceId`
  }
  return user === undefined ? 'it names no database user' : null
}

function rightForm({ partition, region, account }: Arn): string {
  const place = `${region === '' ? 'REGION' : region}:${accountIdProblem(account) === null ? account : 'ACCOUNT'}`
  return `arn:${partition}:rds-db:${place}:dbuser:RESOURCE-ID/USER with a RESOURCE-ID that begins with cluster- (Aurora), db- (RDS) or prx- (proxy)`
}

function arnOf(text: string): Arn | null {
  const [, partition, service = '', region = '', account = '', resource = ''] =
    /^arn:([^:]*):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text) ?? []
  return partition === undefined ? null : { partition, service, region, account, resource }
}
