import type { InstanceReads } from '../aws-port.ts'
import { iamArn, type Rehearsal, UNKNOWN } from './rehearsal-account.ts'
import { imaginedProfiles } from './rehearsed-iam.ts'

const ASSOCIATION = { associationId: 'iip-assoc-0123456789abcdef0', state: 'associated' }

/** Instances with no profile or with another one, and some with each profile that goes away. */
export function rehearsedInstances(rehearsal: Rehearsal): InstanceReads {
  const { situation, onRead } = rehearsal
  const readAssociations = () => onRead('ec2:DescribeIamInstanceProfileAssociations', '*')
  const other = { ...ASSOCIATION, profileArn: iamArn(rehearsal, 'instance-profile/', UNKNOWN) }
  return {
    async describeInstanceProfiles(ids) {
      onRead('ec2:DescribeInstances', '*')
      readAssociations()
      return new Map(ids.map((id) => [id, situation === 'blank' ? null : other]))
    },
    async listProfileAssociations() {
      readAssociations()
      return new Map(
        imaginedProfiles(rehearsal).map(({ name, observed }) => [name, { ...ASSOCIATION, profileArn: observed.arn }]),
      )
    },
  }
}
