import { type RoleArn, roleArnParts } from '../../iam/role-arn.ts'
import { toRoleArn } from '../read-assignments.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'

/** The numbers of roles and their ARNs, either way, remembered as long as a transaction lasts. */
export interface KnownRoles {
  /** Of a role that stands in the store. */
  arnOf(id: number): RoleArn
  /** `null` where it is not there. */
  findId(arn: string): number | null
  /** Puts the role into the store where it is not there. */
  idOf(arn: RoleArn): number
}

/** A file may name as many roles as it has lines. */
const MOST_REMEMBERED = 50_000

export function knownRoles(database: SqliteDatabase): KnownRoles {
  const arns = new Map<number, RoleArn>()
  const ids = new Map<string, number>()
  const selectArn = database.prepare<[number], string>('SELECT arn FROM roles WHERE id = ?').pluck()
  const selectId = database.prepare<[string], number>('SELECT id FROM roles WHERE arn = ?').pluck()
  const findId = (arn: string) => {
    const remembered = ids.get(arn)
    if (remembered !== undefined) return remembered
    const found = selectId.get(arn)
    return found === undefined ? null : remember(ids, arn, found)
  }
  return {
    arnOf: (id) => arns.get(id) ?? remember(arns, id, toRoleArn(selectArn.get(id) ?? '')),
    findId,
    idOf: (arn) => findId(arn) ?? remember(ids, arn, insertRole(database, arn)),
  }
}

function remember<K, V>(known: Map<K, V>, key: K, value: V): V {
  if (known.size >= MOST_REMEMBERED) known.clear()
  known.set(key, value)
  return value
}

function insertRole(database: SqliteDatabase, arn: RoleArn): number {
  const { partition, accountId, path, name } = roleArnParts(arn)
  const { lastInsertRowid } = database
    .prepare('INSERT INTO roles (arn, "partition", account_id, path, name) VALUES (?, ?, ?, ?, ?)')
    .run(arn, partition, accountId, path, name)
  return Number(lastInsertRowid)
}
