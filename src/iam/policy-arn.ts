import { type Expectation, refuseBad } from './parse-each.ts'
import { isPartition, type Partition } from './partition.ts'

declare const policyArn: unique symbol

/** The ARN of a managed policy, AWS's own or a customer's. */
export type PolicyArn = string & { readonly [policyArn]: true }

export interface PolicyArnParts {
  readonly partition: Partition
  /** An account id, or the word `aws` for a policy of AWS. */
  readonly owner: string
}

const SHAPE = /^arn:([^:]*):iam::(\d{12}|aws):policy\/((?:[A-Za-z0-9.,+@=_-]+\/)*)([\w+=,.@-]+)$/

/** CloudFormation schema of AWS::IAM::Role (ManagedPolicyArns); IAM API reference, CreatePolicy (path, name). */
const expected: Expectation = {
  what: 'the ARN of a policy',
  code: 'INVALID_POLICY_ARN',
  problemOf: policyArnProblem,
}

/** @throws AdminError INVALID_POLICY_ARN */
export function parsePolicyArn(text: string): PolicyArn {
  refuseBad([text], expected)
  return text as PolicyArn
}

/** @throws AdminError INVALID_POLICY_ARN with every bad one */
export function parsePolicyArns(texts: readonly string[]): readonly PolicyArn[] {
  return refuseBad(texts, expected) as readonly PolicyArn[]
}

export function policyArnParts(arn: PolicyArn): PolicyArnParts {
  const [, partition, owner] = SHAPE.exec(arn) ?? []
  return { partition, owner } as PolicyArnParts
}

function policyArnProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (!text.startsWith('arn:')) return 'expected the full ARN, as arn:aws:iam::aws:policy/AmazonAthenaFullAccess'
  const [, partition, , path = '', name = ''] = SHAPE.exec(text) ?? []
  if (partition === undefined)
    return 'expected arn:PARTITION:iam::ACCOUNT:policy/[PATH/]NAME, with ACCOUNT of 12 digits or the word aws'
  if (!isPartition(partition))
    return `its partition is "${partition}", expected aws, aws-cn, aws-us-gov or another aws-…`
  if (name.length > 128) return `its name has ${name.length} characters, IAM allows 128`
  if (path.length > 511) return `its path has ${path.length + 1} characters, IAM allows 512`
  return null
}
