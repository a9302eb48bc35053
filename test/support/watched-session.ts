import type { Session } from '../../src/sessions/session-files.ts'

const LENGTH = 19_000

/** A token of its own for each round, as long as STS takes them, whose end is not like that of another round. */
export function longToken(round: number): string {
  const mark = String(round % 10)
  return `eyJ${mark.repeat(LENGTH)}.${mark}`
}

export function watchedSession(uid: number): Session {
  return {
    username: 'nobody',
    roleArn: 'arn:aws:iam::123456789012:role/analyst',
    roleSessionName: 'nobody',
    subject: 'subject-of-nobody',
    since: '2026-01-01T00:00:00Z',
    tokenExpiresAt: '2026-01-01T01:00:00Z',
    store: '/var/lib/admin/admin.db',
    uid,
    gid: uid,
  } as Session
}
