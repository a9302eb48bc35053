import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

const NAME = /^[A-Za-z][\w+.@-]*$/

/**
 * Rules: Amazon Redshift API reference, CreateCluster, ClusterIdentifier.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftCluster(text: string): string {
  return accept(text, 'the identifier of a Redshift cluster', clusterProblem(text))
}

/**
 * Rules: Amazon Redshift Serverless API reference, GetCredentials, workgroupName.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftWorkgroup(text: string): string {
  const isName = /^[a-z0-9-]{3,64}$/.test(text)
  const problem = isName ? null : 'expected 3 to 64 lower-case letters, digits and hyphens'
  return accept(text, 'a Redshift Serverless workgroup', problem)
}

/**
 * Rules: Amazon Redshift API reference, GetClusterCredentials, DbUser. A wildcard is refused: it would let its holder log
 * in as anybody, the administrator included.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftUser(text: string): string {
  const reserved = text.toLowerCase() === 'public' ? 'PUBLIC is reserved' : null
  return accept(text, 'a Redshift user', nameProblem(text) ?? reserved)
}

/**
 * Rules: Amazon Redshift API reference, GetClusterCredentials, DbName.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftDatabase(text: string): string {
  return accept(text, 'a Redshift database', nameProblem(text))
}

/**
 * Rules: Amazon Redshift API reference, GetClusterCredentials, DbGroups.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftGroup(text: string): string {
  const upper = /[A-Z]/.test(text) ? 'Redshift knows groups in lower case only' : null
  return accept(text, 'a Redshift group', upper ?? nameProblem(text))
}

function accept(text: string, what: string, problem: string | null): string {
  if (problem !== null) throw new AdminError('INVALID_REDSHIFT_NAME', `${quote(text)} is not ${what}: ${problem}`)
  return text
}

function clusterProblem(text: string): string | null {
  if (text.length > 63) return `it has ${text.length} characters, at most 63 are allowed`
  if (/[A-Z]/.test(text)) return 'Redshift knows clusters in lower case only'
  return /^[a-z](-?[a-z0-9])*$/.test(text)
    ? null
    : 'expected letters, digits and single hyphens, beginning with a letter and not ending with a hyphen'
}

function nameProblem(text: string): string | null {
  if (/[*?]/.test(text)) return 'it has a wildcard; name each'
  if (text.length > 64) return `it has ${text.length} characters, at most 64 are allowed`
  return NAME.test(text) ? null : 'expected letters, digits and _+.@-, beginning with a letter'
}
