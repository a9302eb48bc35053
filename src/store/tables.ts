import type { ColumnType, Generated } from 'kysely'

/** The tables as both engines have them. Times are UTC, ISO 8601 with seconds; JSON is text. */
export interface Tables {
  users: {
    id: Generated<number>
    username: ColumnType<string, string, never>
    subject: string | null
    role_session_name: string | null
    last_token_issued_at: string | null
    last_sso_login: string | null
  }
  roles: {
    id: Generated<number>
    arn: string
    partition: string
    account_id: string
    path: string
    name: string
  }
  assignments: {
    user_id: number
    source: 'cli' | 'sso'
    set_at: string
    set_by: string
    expires_at: string | null
  }
  assignment_roles: {
    user_id: number
    position: number
    role_id: number
  }
  events: {
    id: number
    at: string
    action: string
    actor: string
    actor_uid: number
    host: string
    username: string | null
    before: string | null
    after: string | null
    reason: string | null
    details: string | null
    previous_hash: string
    hash: string
  }
  /** Which roles an event's `before` or `after` holds: an index over the log, not a source. */
  event_roles: {
    role_id: number
    event_id: number
  }
  kept_tokens: {
    user_id: number
    issuer: string
    client_id: string
    sealed: string
    has_refresh_token: number
    id_token_expires_at: string
    claimed_by: string | null
    claim_ends: number | null
  }
}
