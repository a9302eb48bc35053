import type { Client } from 'pg'
import { type RoleArn, roleArnParts } from '../../iam/role-arn.ts'
import { toRoleArn } from '../read-assignments.ts'

/** Which row a role is, remembered: the same few roles come again and again. */
export interface RoleIds {
  /** Puts those into the table that are not there yet. */
  readonly idsOf: (arns: ReadonlySet<string>) => Promise<(arn: string) => number>
  readonly arnsOf: (ids: ReadonlySet<number>) => Promise<(id: number) => RoleArn>
}

interface Role {
  readonly id: number
  readonly arn: string
}

export function roleIds(client: Client): RoleIds {
  const ids = new Map<string, number>()
  const arns = new Map<number, RoleArn>()
  const remember = ({ id, arn }: Role) => {
    ids.set(arn, id)
    arns.set(id, toRoleArn(arn))
  }
  const learn = async (query: string, values: readonly unknown[]) => {
    const { rows } = await client.query<Role>(query, [values])
    rows.forEach(remember)
  }
  const missing = <T>(wanted: ReadonlySet<T>, known: ReadonlyMap<T, unknown>) =>
    [...wanted].filter((value) => !known.has(value))
  return {
    idsOf: async (wanted) => {
      const unseen = missing(wanted, ids)
      if (unseen.length > 0) await learn('SELECT id, arn FROM roles WHERE arn = ANY ($1)', unseen)
      const unknown = missing(wanted, ids).map(toRow)
      if (unknown.length > 0) await learn(INSERT, [JSON.stringify(unknown)])
      return (arn) => known(ids, arn)
    },
    arnsOf: async (wanted) => {
      const unseen = missing(wanted, arns)
      if (unseen.length > 0) await learn('SELECT id, arn FROM roles WHERE id = ANY ($1)', unseen)
      return (id) => known(arns, id)
    },
  }
}

const INSERT = `INSERT INTO roles (arn, "partition", account_id, path, name)
  SELECT arn, "partition", account_id, path, name
  FROM json_to_recordset(($1::json[])[1]) AS role (arn text, "partition" text, account_id text, path text, name text)
  RETURNING id, arn`

function toRow(text: string) {
  const arn = toRoleArn(text)
  const { partition, accountId, path, name } = roleArnParts(arn)
  return { arn, partition, account_id: accountId, path, name }
}

function known<K, V>(values: ReadonlyMap<K, V>, key: K): V {
  const value = values.get(key)
  if (value === undefined)
    throw new Error(`there is no role ${String(key)} in the store, though something refers to it`)
  return value
}
