import { oneOrMany, type PolicyCondition, type PolicyDocument, type PolicyStatement } from '../policy-document.ts'

/** One thing that a policy allows. */
export interface Permission {
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: PolicyCondition
}

/** A policy for a role. It never has a `Principal`, which is for the policies of resources and for trust. */
export function identityPolicy(permissions: readonly Permission[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: permissions.map(toStatement) }
}

function toStatement({ sid, actions, resources, condition }: Permission): PolicyStatement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: oneOrMany(actions),
    Resource: oneOrMany(resources),
    ...(condition && { Condition: condition }),
  }
}
