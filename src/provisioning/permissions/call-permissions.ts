import type { Call } from '../plan.ts'
import type { PlannedResource } from '../resource.ts'
import type { Permission } from './needed-permissions.ts'

/** What goes with an operation: IAM asks for it beside the operation itself. */
interface Companion {
  readonly action: string
  readonly when: (input: Call['input']) => boolean
}

const hasTags = (input: Call['input']) => input.Tags !== undefined
const always = () => true

/**
 * Service authorization reference, AWS Identity and Access Management and Amazon EC2, "Dependent actions": tags in a
 * create need the right to tag; whoever gives a role to a machine must be allowed to pass it.
 */
const COMPANIONS: Readonly<Record<string, Companion>> = {
  CreateOpenIDConnectProvider: { action: 'iam:TagOpenIDConnectProvider', when: hasTags },
  CreateRole: { action: 'iam:TagRole', when: hasTags },
  CreatePolicy: { action: 'iam:TagPolicy', when: hasTags },
  CreateInstanceProfile: { action: 'iam:TagInstanceProfile', when: hasTags },
  AddRoleToInstanceProfile: { action: 'iam:PassRole', when: always },
  AssociateIamInstanceProfile: { action: 'iam:PassRole', when: always },
  ReplaceIamInstanceProfileAssociation: { action: 'iam:PassRole', when: always },
}

/** What the calls of a change need, each about what it changes. */
export function permissionsOfCall({ change, arn }: PlannedResource): readonly Permission[] {
  return change.calls.flatMap((call) => {
    const resource = resourceOf(call, arn)
    const companion = COMPANIONS[call.operation]
    const own = { action: `${call.service}:${call.operation}`, resource }
    if (companion === undefined || !companion.when(call.input)) return [own]
    return [own, { action: companion.action, resource: companion.action === 'iam:PassRole' ? roleOf(arn) : resource }]
  })
}

/** An association is of an instance, and what a policy is detached from is a role. */
function resourceOf({ service, operation, input }: Call, arn: string): string {
  const [, partition, , , account] = arn.split(':')
  if (service === 'ec2') return `arn:${partition}:ec2:*:${account}:instance/*`
  const isDetached = operation === 'DetachRolePolicy' && !arn.includes(':role/')
  return isDetached ? `arn:${partition}:iam::${account}:role/*${String(input.RoleName)}` : arn
}

/** The role of an instance profile has its path and its name. */
function roleOf(profileArn: string): string {
  return profileArn.replace(':instance-profile/', ':role/')
}
