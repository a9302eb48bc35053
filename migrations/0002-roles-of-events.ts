import type { Migration } from '../src/store/migration.ts'

/**
 * Each question to the log becomes a search of an index: by actor, action, time, and by the roles held before or after
 * an event, which stand in a table of their own. That table is an index, not a source: it can be made anew from the
 * events, which are what the hash chain covers, so it has no foreign keys.
 *
 * The hash of an event needs no index (each row names the one before), which saves a third of the time of a large import.
 */
export const rolesOfEvents: Migration = {
  name: '0002-roles-of-events',
  sqlite: `
CREATE TABLE chained_events (
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
  hash TEXT NOT NULL
) STRICT;
INSERT INTO chained_events
SELECT id, at, action, actor, actor_uid, host, username, before, after, reason, details, previous_hash, hash FROM events;
DROP TABLE events;
ALTER TABLE chained_events RENAME TO events;

CREATE INDEX events_by_username ON events (username, id);
CREATE INDEX events_by_actor ON events (actor, id);
CREATE INDEX events_by_action ON events (action, id);
CREATE INDEX events_by_time ON events (at, id);

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

CREATE TABLE event_roles (
  role_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (role_id, event_id)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO event_roles (role_id, event_id)
SELECT roles.id, states.event_id
FROM (
  SELECT events.id AS event_id, json_each.value AS arn
  FROM events, json_each(CASE WHEN json_valid(before) THEN before END, '$.roleArns')
  UNION
  SELECT events.id, json_each.value
  FROM events, json_each(CASE WHEN json_valid(after) THEN after END, '$.roleArns')
) AS states
JOIN roles ON roles.arn = states.arn;

CREATE INDEX roles_by_account ON roles (account_id);
CREATE INDEX assignments_by_source ON assignments (source);
CREATE INDEX assignments_by_end ON assignments (expires_at) WHERE expires_at IS NOT NULL;
`,
  postgres: `
CREATE INDEX events_by_actor ON events (actor, id);
CREATE INDEX events_by_action ON events (action, id);
CREATE INDEX events_by_time ON events (at, id);

CREATE TABLE event_roles (
  role_id integer NOT NULL,
  event_id integer NOT NULL,
  PRIMARY KEY (role_id, event_id)
);

CREATE INDEX roles_by_account ON roles (account_id);
CREATE INDEX assignments_by_source ON assignments (source);
CREATE INDEX assignments_by_end ON assignments (expires_at) WHERE expires_at IS NOT NULL;
`,
}
