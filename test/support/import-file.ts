import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { admin, adminJson } from './admin.ts'
import { sqlite } from './sqlite.ts'

export const role = (name: string | number) => `arn:aws:iam::123456789012:role/${name}`

/** A file of a name of its own below `directory`. */
export function fileWith(directory: string, content: string | Buffer): string {
  const file = join(directory, `${randomUUID()}.txt`)
  writeFileSync(file, content)
  return file
}

/** A place for a store of the test's own, as the environment names it. */
export function newPlace(directory: string) {
  return { ADMIN_DATABASE: join(directory, randomUUID(), 'admin.db') }
}

export type Place = ReturnType<typeof newPlace>

export async function importJson(env: Place, file: string, ...flags: readonly string[]) {
  return adminJson(['import-aws-role-arns', file, ...flags], { env })
}

export async function exported(env: Place, format: string): Promise<string> {
  return (await admin(['export-aws-role-arns', '--format', format], { env })).stdout
}

/** Everybody's roles as the tables hold them, read by another program: `name (source, end): role role`. */
export function stateOf({ ADMIN_DATABASE: file }: Place): readonly string[] {
  const rows = sqlite(
    file,
    `SELECT username, source, coalesce(expires_at, '-') AS ending,
       (SELECT group_concat(name, ' ') FROM (SELECT name FROM assignment_roles JOIN roles ON roles.id = role_id
         WHERE user_id = users.id ORDER BY position)) AS held
     FROM users JOIN assignments ON user_id = users.id ORDER BY username`,
  )
  return rows.map(
    ({ username, source, ending, held }: Record<string, string>) => `${username} ${source} ${ending} ${held}`,
  )
}

/** What the log tells of the changes, without times. */
export function eventsOf({ ADMIN_DATABASE: file }: Place) {
  return sqlite(file, 'SELECT action, username, before, after, reason, details FROM events ORDER BY id')
}
