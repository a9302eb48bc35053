import type { KnownPerson } from '../audit/people.ts'
import type { Engine } from './engine.ts'

export async function* people(engine: Engine): AsyncGenerator<readonly KnownPerson[]> {
  const query = engine.db
    .selectFrom('users as u')
    .leftJoin('assignments as a', 'a.user_id', 'u.id')
    .select(['u.username', 'u.subject', 'u.role_session_name', 'u.last_sso_login', 'a.expires_at'])
    .orderBy('u.username')
  for await (const rows of engine.stream(query)) {
    yield rows.map((row) => ({
      username: row.username,
      subject: row.subject,
      roleSessionName: row.role_session_name,
      lastSsoLogin: row.last_sso_login,
      expiresAt: row.expires_at,
    }))
  }
}

export async function* seenRoles(engine: Engine): AsyncGenerator<readonly string[]> {
  const query = engine.db.selectFrom('roles').select('arn').orderBy('arn')
  for await (const rows of engine.stream(query)) yield rows.map(({ arn }) => arn)
}
