/** A policy that IAM keeps: what a role may do, or who may assume it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: PolicyCondition
}

/** Operator, condition key, value. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/**
 * The values as people write them: one alone, several as a list. None is a bug of the caller: IAM refuses an empty
 * element, and an empty list may never be taken for "any".
 */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [only, ...others] = values
  if (only === undefined) throw new Error('an element of a policy needs at least one value')
  return others.length === 0 ? only : values
}
