import type { Migration } from '../src/store/migration.ts'

/**
 * The tokens of those who logged in here, sealed with a key that is elsewhere. No part of the hash chain: they come and
 * go, what happened by them is in the events.
 *
 * A claim is the right to spend the refresh token; it ends by the clock of the store, in seconds since 1970.
 */
export const keptTokens: Migration = {
  name: '0003-kept-tokens',
  sqlite: `
CREATE TABLE kept_tokens (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  has_refresh_token INTEGER NOT NULL CHECK (has_refresh_token IN (0, 1)),
  id_token_expires_at TEXT NOT NULL,
  claimed_by TEXT,
  claim_ends INTEGER
) STRICT;
`,
  postgres: `
CREATE TABLE kept_tokens (
  user_id integer PRIMARY KEY REFERENCES users (id),
  issuer text NOT NULL,
  client_id text NOT NULL,
  sealed text NOT NULL,
  has_refresh_token integer NOT NULL CHECK (has_refresh_token IN (0, 1)),
  id_token_expires_at text COLLATE "C" NOT NULL,
  claimed_by text,
  claim_ends bigint
);
`,
}
