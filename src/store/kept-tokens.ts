import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import type { ClaimedTokens, KeptLogin, KeptTokens, SealedTokens, TokenClaim } from '../sso/token-vault.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

type Db = Kysely<Tables>

const COLUMNS = ['issuer', 'client_id', 'sealed', 'has_refresh_token', 'id_token_expires_at'] as const

export async function keepTokens(db: Db, username: Username, tokens: SealedTokens): Promise<void> {
  const { id } = await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirstOrThrow()
  const row = { ...toRow(tokens), claimed_by: null, claim_ends: null }
  await db
    .insertInto('kept_tokens')
    .values({ user_id: id, ...row })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
    .execute()
}

export async function findTokens(db: Db, username: Username): Promise<KeptTokens | null> {
  const row = await db
    .selectFrom('kept_tokens')
    .select(COLUMNS)
    .where('user_id', '=', idOf(db, username))
    .executeTakeFirst()
  return row === undefined ? null : toKept(username, row)
}

export async function keptLogins(db: Db): Promise<readonly KeptLogin[]> {
  const rows = await db
    .selectFrom('kept_tokens')
    .innerJoin('users', 'users.id', 'kept_tokens.user_id')
    .select(['username', 'has_refresh_token', 'id_token_expires_at'])
    .orderBy('id_token_expires_at')
    .orderBy('username')
    .execute()
  return rows.map((row) => ({
    username: row.username as Username,
    hasRefreshToken: row.has_refresh_token === 1,
    idTokenExpiresAt: row.id_token_expires_at as Instant,
  }))
}

/** No other claim has that name. */
export function newHolder(): string {
  return randomUUID()
}

export async function claimTokens(
  { db, storeTime }: Engine,
  claim: TokenClaim,
  seconds: number,
): Promise<ClaimedTokens | null> {
  const row = await db
    .updateTable('kept_tokens')
    .set({ claimed_by: claim.holder, claim_ends: sql<number>`${storeTime} + ${sql.lit(seconds)}` })
    .where('user_id', '=', idOf(db, claim.username))
    .where((is) =>
      is.or([is('claim_ends', 'is', null), is('claim_ends', '<=', storeTime), is('claimed_by', '=', claim.holder)]),
    )
    .returning(COLUMNS)
    .executeTakeFirst()
  return row === undefined ? null : { claim, tokens: toKept(claim.username, row) }
}

export async function replaceTokens(db: Db, claim: TokenClaim, tokens: SealedTokens): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('kept_tokens')
    .set(toRow(tokens))
    .where('user_id', '=', idOf(db, claim.username))
    .where('claimed_by', '=', claim.holder)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function forgetTokens(db: Db, claim: TokenClaim): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('kept_tokens')
    .where('user_id', '=', idOf(db, claim.username))
    .where('claimed_by', '=', claim.holder)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function releaseTokens(db: Db, claim: TokenClaim): Promise<void> {
  await db
    .updateTable('kept_tokens')
    .set({ claimed_by: null, claim_ends: null })
    .where('user_id', '=', idOf(db, claim.username))
    .where('claimed_by', '=', claim.holder)
    .execute()
}

function idOf(db: Db, username: Username) {
  return db.selectFrom('users').select('id').where('username', '=', username)
}

function toRow({ issuer, clientId, sealed, hasRefreshToken, idTokenExpiresAt }: SealedTokens) {
  return {
    issuer,
    client_id: clientId,
    sealed,
    has_refresh_token: hasRefreshToken ? 1 : 0,
    id_token_expires_at: idTokenExpiresAt,
  }
}

function toKept(username: Username, row: Pick<Tables['kept_tokens'], (typeof COLUMNS)[number]>): KeptTokens {
  return {
    username,
    issuer: row.issuer,
    clientId: row.client_id,
    sealed: row.sealed,
    hasRefreshToken: row.has_refresh_token === 1,
    idTokenExpiresAt: row.id_token_expires_at as Instant,
  }
}
