import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { admin } from './admin.ts'
import { analyst } from './arns.ts'

/** A store of the test's own below `directory`, in which alice is an analyst. */
export async function newStore(directory: string): Promise<string> {
  const file = join(directory, randomUUID(), 'admin.db')
  await admin(['set-aws-role-arns', 'alice', analyst, '--database', file])
  return file
}
