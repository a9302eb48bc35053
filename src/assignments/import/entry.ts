import type { Instant } from '../../clock.ts'
import type { RoleArn } from '../../iam/role-arn.ts'
import type { Username } from '../username.ts'
import { detached } from './lines.ts'

/** What one line says: all roles of a person (JSON Lines) or one of them (CSV). */
export interface Entry {
  readonly line: number
  readonly username: Username
  readonly roleArns: readonly RoleArn[]
  /** The line says all that there is to say of the person: further ones are too many. */
  readonly isWhole: boolean
  /** `null` is never; `undefined` where the line says nothing of it. */
  readonly expiresAt: Instant | null | undefined
}

/** A line that cannot be followed. */
export interface InvalidLine {
  readonly line: number
  readonly reason: string
}

/** Whom the line is about can be told even where the rest of it is wrong; `null` where it cannot. */
export interface BadLine extends InvalidLine {
  readonly username: Username | null
}

/** Reads one line that is not blank. */
export type LineReader = (line: string, number: number) => Entry | BadLine

/** Keeps nothing but its own texts in memory. */
export function badLine(line: number, reason: string, username: Username | null): BadLine {
  return { line, reason: detached(reason), username: username === null ? null : ownName(username) }
}

/** As {@link detached}. */
export function ownName(username: Username): Username {
  return detached(username) as Username
}

/** What was found beside the entries. Whoever reads a file hands it in, and it grows. */
export interface Findings {
  readonly bad: BadLine[]
  /** How many role ARNs stood more than once for the same person. */
  duplicates: number
}

export function noFindings(): Findings {
  return { bad: [], duplicates: 0 }
}
