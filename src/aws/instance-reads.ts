import type { IamInstanceProfileAssociation } from '@aws-sdk/client-ec2'
import type { InstanceReads, ProfileAssociation } from '../provisioning/aws-port.ts'
import { type Ask, everyPage } from './ask.ts'
import type { Clients, Ec2 } from './clients.ts'

/** The most values of a filter (EC2 API reference, "Filter": 200). */
const MOST_VALUES = 200

/** Instances are filtered by id, not named: a named one that is missing would fail the whole request. */
export function instanceReads(clients: Clients, ask: Ask): InstanceReads {
  return {
    async describeInstanceProfiles(instanceIds) {
      if (instanceIds.length === 0) return new Map()
      const ec2 = await clients.ec2()
      const parts = chunks(instanceIds, MOST_VALUES).map((ids) =>
        Promise.all([existingInstances(ec2, ask, ids), associations(ec2, ask, ids)]),
      )
      const [existing, associated] = joined(await Promise.all(parts))
      return new Map(existing.map((id) => [id, currentOf(associated, id)]))
    },

    async listProfileAssociations() {
      const all = await associations(await clients.ec2(), ask, null)
      const ids = new Set(all.flatMap(({ InstanceId }) => InstanceId ?? []))
      return new Map(
        [...ids].flatMap((id) => {
          const current = currentOf(all, id)
          return current === null ? [] : [[id, current] as const]
        }),
      )
    },
  }
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}

function joined<A, B>(
  parts: readonly (readonly [readonly A[], readonly B[]])[],
): readonly [readonly A[], readonly B[]] {
  return [parts.flatMap(([first]) => first), parts.flatMap(([, second]) => second)]
}

/** A terminated instance can still be seen for a while; it takes no profile any more. */
function existingInstances({ client, sdk }: Ec2, ask: Ask, ids: readonly string[]): Promise<readonly string[]> {
  const states = ['pending', 'running', 'stopping', 'stopped']
  const filters = [byInstance('instance-id', ids), { Name: 'instance-state-name', Values: states }]
  return everyPage(
    (token) => {
      const request = new sdk.DescribeInstancesCommand({ Filters: filters, NextToken: token })
      return ask('ec2:DescribeInstances', inWords(ids), () => client.send(request))
    },
    ({ NextToken }) => NextToken,
    ({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? [])),
  )
}

/** @param ids `null`: of all instances */
function associations(
  { client, sdk }: Ec2,
  ask: Ask,
  ids: readonly string[] | null,
): Promise<readonly IamInstanceProfileAssociation[]> {
  const filters = ids === null ? undefined : [byInstance('instance-id', ids)]
  return everyPage(
    (token) => {
      const request = new sdk.DescribeIamInstanceProfileAssociationsCommand({ Filters: filters, NextToken: token })
      return ask('ec2:DescribeIamInstanceProfileAssociations', ids === null ? null : inWords(ids), () =>
        client.send(request),
      )
    },
    ({ NextToken }) => NextToken,
    ({ IamInstanceProfileAssociations = [] }) => IamInstanceProfileAssociations,
  )
}

function byInstance(name: string, ids: readonly string[]) {
  return { Name: name, Values: [...ids] }
}

function inWords(ids: readonly string[]): string {
  return ids.length === 1 ? `instance ${ids[0]}` : `${ids.length} instances`
}

/** While a profile is replaced there are two: the one that comes counts, and one that is gone never does. */
function currentOf(associated: readonly IamInstanceProfileAssociation[], id: string): ProfileAssociation | null {
  const states: readonly (string | undefined)[] = ['associated', 'associating', 'disassociating']
  const rank = ({ State: state }: IamInstanceProfileAssociation) => states.indexOf(state)
  const [current] = associated
    .filter((association) => association.InstanceId === id && rank(association) >= 0)
    .toSorted((a, b) => rank(a) - rank(b))
  if (current === undefined) return null
  return {
    associationId: current.AssociationId ?? '',
    profileArn: current.IamInstanceProfile?.Arn ?? '',
    state: current.State ?? '',
  }
}
