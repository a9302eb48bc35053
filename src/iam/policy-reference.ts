import { AdminError } from '../errors.ts'
import { type PolicyArn, parsePolicyArn } from './policy-arn.ts'
import { policyNameProblem } from './policy-name.ts'
import { quote } from './quote.ts'

/** A managed policy: any by its ARN, one of AWS by its name, with its path where it has one. */
export type PolicyReference = { readonly arn: PolicyArn } | { readonly awsPolicy: string }

/** Where AWS keeps policies that are not at the root (IAM user guide, "AWS managed policies"). */
const PATHS = ['service-role', 'job-function'] as const

/** @throws AdminError INVALID_POLICY_ARN, INVALID_POLICY_NAME */
export function parsePolicyReference(text: string): PolicyReference {
  if (text.startsWith('arn:')) return { arn: parsePolicyArn(text) }
  const problem = awsPolicyProblem(text)
  if (problem === null) return { awsPolicy: text }
  throw new AdminError('INVALID_POLICY_NAME', `${quote(text)} is neither an ARN nor a policy of AWS: ${problem}`)
}

function awsPolicyProblem(text: string): string | null {
  const [name = '', ...path] = text.split('/').reverse()
  if (path.length === 0 || (path.length === 1 && PATHS.some((known) => known === path[0])))
    return policyNameProblem(name)
  return `expected NAME, ${PATHS.map((known) => `${known}/NAME`).join(', ')} or a full ARN`
}
