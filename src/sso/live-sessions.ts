import type { Username } from '../assignments/username.ts'

/** The port through which a new ID token reaches the sessions that use the one before. */
export interface LiveSessions {
  /** Replaces the token in each live session of the person; answers in how many. */
  replaceToken(username: Username, token: string): Promise<number>
}
