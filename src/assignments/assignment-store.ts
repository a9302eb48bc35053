import type { NewEvent } from '../audit/event.ts'
import type { Instant } from '../clock.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'
import type { Assignment, StoredAssignment } from './assignment.ts'
import type { Username } from './username.ts'

/** A person as the store knows them. */
export interface UserRecord {
  readonly username: Username
  readonly assignment: StoredAssignment | null
  readonly login: LoginRecord | null
}

/** What the last verified login told. */
export interface LoginRecord {
  /** The `sub` claim. */
  readonly subject: string
  readonly roleSessionName: RoleSessionName | null
  /** The `iat` claim of the newest token applied; an older one is a replay. */
  readonly tokenIssuedAt: Instant
  /** When it was applied here. */
  readonly at: Instant
}

/** Somebody who may use a role. */
export interface RoleHolder {
  readonly username: string
  /** The `sub` claim of the last login; `null` before the first. */
  readonly subject: string | null
}

/** What reading needs. Answers are of one moment. */
export interface AssignmentReader {
  findUser(username: Username): Promise<UserRecord | null>
  /** Every role ARN that the store has seen, sorted. */
  knownRoles(): Promise<RoleArn[]>
  /** Who may use the role at that moment, sorted by name; at most so many. */
  roleHolders(roleArn: string, now: Instant, most: number): Promise<readonly RoleHolder[]>
  /** The names of those known that begin with this text, sorted; at most so many. */
  usersFrom(beginning: string, most: number): Promise<readonly string[]>
}

/** Reading of one moment, also for many people at once: in batches of up to some thousands. */
export interface AssignmentSnapshot extends AssignmentReader {
  /** Those of the people who are known. */
  findUsers(usernames: readonly Username[]): Promise<ReadonlyMap<Username, UserRecord>>
  /** Remembers, until the snapshot ends, that these people were named. */
  noteNamed(usernames: readonly Username[]): Promise<void>
  /** Those whose roles were set here and who were not named, in batches, sorted by name. */
  unnamedCliUsers(): AsyncIterable<readonly UserRecord[]>
}

/** A step that was decided: what a person is assigned from now on, and the event that tells of it. */
export interface DecidedStep {
  readonly username: Username
  readonly next: Assignment | null
  readonly event: NewEvent
}

/** Reading and writing inside one transaction: no other writer comes between, and all of it lands or nothing. */
export interface AssignmentTransaction extends AssignmentSnapshot {
  putAssignment(username: Username, next: Assignment | null, setAt: Instant, setBy: string): Promise<void>
  /** As {@link putAssignment} and {@link appendEvent} for each of them in this order, in one go. */
  putSteps(steps: readonly DecidedStep[]): Promise<void>
  putLogin(username: Username, login: LoginRecord): Promise<void>
  /** What is kept of an earlier login, which was somebody else's. */
  forgetKeptTokens(username: Username): Promise<void>
  appendEvent(event: NewEvent): Promise<void>
  /** When the newest event happened; `null` where there is none. */
  lastEventAt(): Promise<Instant | null>
  /** Its id, those of this transaction included; 0 where there is none. */
  lastEventId(): Promise<number>
}

/**
 * The port through which assignments change. When `transact` resolves, what was written survives a crash of the
 * process and of the machine; when it rejects, nothing of it is there.
 */
export interface AssignmentStore extends AssignmentReader {
  /** All that is read here is of one moment; needs no right to write. */
  snapshot<T>(work: (snapshot: AssignmentSnapshot) => Promise<T>): Promise<T>
  transact<T>(work: (transaction: AssignmentTransaction) => Promise<T>): Promise<T>
}
