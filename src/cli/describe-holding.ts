import { parseGlob } from '../audit/glob.ts'
import { accountOf, type Holding, type Moment } from '../audit/holdings.ts'
import { quote } from '../iam/quote.ts'
import type { Column } from './formats.ts'

/** A person and one of their roles: what scripts get, under these names. */
export interface HoldingRow {
  readonly username: string
  readonly role_arn: string
  readonly account_id: string
  readonly source: 'cli' | 'sso'
  readonly set_at: string
  readonly set_by: string
  readonly expires_at: string | null
}

export const holdingColumns: readonly Column<HoldingRow>[] = [
  { name: 'username', cell: ({ username }) => username },
  { name: 'role_arn', cell: ({ role_arn }) => role_arn },
  { name: 'account_id', cell: ({ account_id }) => account_id },
  { name: 'source', cell: ({ source }) => source },
  { name: 'set_at', cell: ({ set_at }) => set_at },
  { name: 'set_by', cell: ({ set_by }) => set_by },
  { name: 'expires_at', cell: ({ expires_at }) => expires_at ?? '' },
]

/** One row for each role of each person. */
export async function* holdingRows(batches: AsyncIterable<readonly Holding[]>): AsyncGenerator<readonly HoldingRow[]> {
  for await (const batch of batches) yield batch.flatMap(rowsOf)
}

function rowsOf({ username, source, roleArns, setAt, setBy, expiresAt }: Holding): HoldingRow[] {
  return roleArns.map((arn) => ({
    username,
    role_arn: arn,
    account_id: accountOf(arn),
    source,
    set_at: setAt,
    set_by: setBy,
    expires_at: expiresAt,
  }))
}

/** That nobody holds a role is an answer; that it was never heard of may be a slip of the pen. */
export function describeNobody(role: string, { kind, at }: Moment, knownRoles: readonly string[]): string {
  const { isLiteral, prefix } = parseGlob(role)
  const answer = kind === 'now' ? `nobody holds ${quote(role)}` : `nobody held ${quote(role)} at ${at}`
  if (isLiteral) return knownRoles.includes(role) ? answer : `${answer}\nthe store has never heard of that role`
  return 'arn:'.startsWith(prefix.slice(0, 4)) ? answer : `${answer}\nthe whole ARN is compared; perhaps *${role}`
}
