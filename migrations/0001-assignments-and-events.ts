import type { Migration } from '../src/store/migration.ts'

/**
 * Users, roles, assignments, and the append-only log of events.
 *
 * The triggers hold what the hash chain rests on: events are never changed or removed, ids have no gaps, and each row
 * names the hash of the one before. `REPLACE INTO` fires no delete trigger in SQLite; the insert trigger stops it.
 */
export const assignmentsAndEvents: Migration = {
  name: '0001-assignments-and-events',
  sqlite: `
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  subject TEXT,
  role_session_name TEXT,
  last_token_issued_at TEXT,
  last_sso_login TEXT
) STRICT;

CREATE TABLE roles (
  id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE,
  "partition" TEXT NOT NULL,
  account_id TEXT NOT NULL,
  path TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE assignments (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  source TEXT NOT NULL CHECK (source IN ('cli', 'sso')),
  set_at TEXT NOT NULL,
  set_by TEXT NOT NULL,
  expires_at TEXT CHECK (expires_at IS NULL OR source = 'cli')
) STRICT;

CREATE TABLE assignment_roles (
  user_id INTEGER NOT NULL REFERENCES assignments (user_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  role_id INTEGER NOT NULL REFERENCES roles (id),
  PRIMARY KEY (user_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX assignment_roles_by_role ON assignment_roles (role_id, user_id);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_uid INTEGER NOT NULL,
  host TEXT NOT NULL,
  username TEXT,
  before TEXT,
  after TEXT,
  reason TEXT,
  details TEXT,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE INDEX events_by_username ON events (username, id);

CREATE TRIGGER events_are_chained BEFORE INSERT ON events
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM events)
  OR NEW.previous_hash <> coalesce((SELECT hash FROM events ORDER BY id DESC LIMIT 1), '${'0'.repeat(64)}')
BEGIN
  SELECT RAISE(ABORT, 'an event must follow the last one');
END;

CREATE TRIGGER events_are_not_updated BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;
`,
}
