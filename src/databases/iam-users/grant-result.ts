import { quote } from '../../iam/quote.ts'
import type { Engine } from '../engine.ts'

/** What was, or would be, told to the server. */
export type GrantResult = PrintedGrant | ExecutedGrant

export interface PrintedGrant {
  readonly engine: Engine
  readonly dbUser: string
  /** Without semicolons. */
  readonly sql: readonly string[]
  readonly executed: false
}

export interface ExecutedGrant {
  readonly engine: Engine
  readonly dbUser: string
  /** What the server was told; empty where nothing was to do. */
  readonly sql: readonly string[]
  readonly executed: true
  readonly outcome: 'created' | 'granted' | 'unchanged'
  /** Never with a password. */
  readonly server: string
  readonly version: string
  /** Who no longer logs in by password. */
  readonly withoutPasswordLogin: readonly string[]
  /** What keeps the user from logging in all the same, and what would mend it. */
  readonly warnings: readonly string[]
  /** What to know beside. */
  readonly notes: readonly string[]
}

export interface GrantRequest {
  readonly dbUser: string
  /** Whoever asks has said so: that passwords stop working is understood. */
  readonly mayTakePasswordLogin: boolean
}

/** Whoever meant one of these would wonder why a token does not let them in. */
export function notesOfNames(alike: readonly string[]): readonly string[] {
  return alike.map(
    (name) => `there is also ${quote(name)}: the name in a token and in a policy counts in exactly its letter case`,
  )
}
