/** Something that is done to a store. */
export interface Operation {
  readonly kind: 'set' | 'unset' | 'login' | 'set-many'
  readonly usernames: readonly string[]
  readonly roleArns: readonly string[]
  readonly now: string
  readonly expiresAt: string | null
  readonly force: boolean
  /** Of a login: whether the token has the claim, and its `iat`. */
  readonly isClaimed: boolean
  readonly issuedAt: string
}

export interface Performed {
  /** Of the machine's own clock, in nanoseconds. */
  readonly stamp: string
  readonly operation: Operation
  /** A word of the result, or the code of an error. */
  readonly outcome: string
}

type Random = () => number

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function numbersFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A few people and roles, so that everybody meets everybody. Clocks go astray by minutes. */
export function randomOperation(random: Random): Operation {
  const below = (limit: number) => Math.floor(random() * limit)
  const moment = (most: number) => `2027-01-01T${String(below(most)).padStart(2, '0')}:${String(10 + below(50))}:00Z`
  const kind = (['set', 'set', 'set', 'unset', 'login', 'login', 'set-many'] as const)[below(7)] ?? 'set'
  const users = Array.from({ length: kind === 'set-many' ? 1 + below(8) : 1 }, () => `user-${below(25)}`)
  const roles = Array.from({ length: below(4) }, () => `arn:aws:iam::123456789012:role/role-${below(6)}`)
  const isEmptyAllowed = kind === 'login'
  return {
    kind,
    usernames: [...new Set(users)],
    roleArns: roles.length === 0 && !isEmptyAllowed ? ['arn:aws:iam::123456789012:role/role-0'] : [...new Set(roles)],
    now: moment(12),
    expiresAt: below(4) === 0 ? moment(24) : null,
    force: below(3) === 0,
    isClaimed: below(3) > 0,
    issuedAt: moment(24),
  }
}

export interface ModelAssignment {
  readonly source: 'cli' | 'sso'
  readonly roleArns: readonly string[]
  readonly expiresAt: string | null
}

export interface ModelEvent {
  readonly at: string
  readonly action: string
  readonly username: string
  readonly before: ModelAssignment | null
  readonly after: ModelAssignment | null
}

/** What a store does, said once more in the plainest way, in memory. */
export class Model {
  readonly assignments = new Map<string, ModelAssignment>()
  readonly logins = new Map<string, string>()
  readonly events: ModelEvent[] = []

  perform(operation: Operation): string {
    const last = this.events.at(-1)?.at ?? ''
    const { now } = operation
    const isPast = now < last
    const at = isPast ? last : now
    const [username = ''] = operation.usernames
    if (operation.kind === 'set-many') return this.#setMany(operation, at)
    if (operation.kind === 'set' && operation.expiresAt !== null && operation.expiresAt <= now) return 'INVALID_EXPIRY'
    // A refusal takes back that the assignment was found to have ended.
    const current = this.assignments.get(username) ?? null
    const isOver = current?.expiresAt != null && current.expiresAt <= now
    const refusal = this.#refusal(operation, isOver ? null : current)
    if (refusal !== null) return refusal
    if (isOver) this.#move(at, 'expire', username, null)
    if (operation.kind === 'set') return this.#set(operation, at)
    return operation.kind === 'unset' ? this.#unset(username, at) : this.#login(operation, at)
  }

  #refusal(operation: Operation, current: ModelAssignment | null): string | null {
    if (operation.kind === 'set' && current?.source === 'sso' && !operation.force) return 'REFUSED_SSO_GOVERNS'
    const issuedAt = this.logins.get(operation.usernames[0] ?? '')
    return operation.kind === 'login' && issuedAt !== undefined && operation.issuedAt < issuedAt
      ? 'TOKEN_REPLAYED'
      : null
  }

  #set({ usernames: [username = ''], roleArns, expiresAt }: Operation, at: string): string {
    const before = this.assignments.get(username)
    const next: ModelAssignment = { source: 'cli', roleArns, expiresAt }
    if (isSame(before, next)) return 'unchanged'
    this.#move(at, 'set', username, next)
    return before === undefined ? 'created' : 'replaced'
  }

  #unset(username: string, at: string): string {
    if (!this.assignments.has(username)) return 'unchanged'
    this.#move(at, 'unset', username, null)
    return 'removed'
  }

  #login({ usernames: [username = ''], roleArns, isClaimed, issuedAt }: Operation, at: string): string {
    this.logins.set(username, issuedAt)
    const before = this.assignments.get(username) ?? null
    const next: ModelAssignment | null = isClaimed
      ? { source: 'sso', roleArns, expiresAt: null }
      : before?.source === 'cli'
        ? before
        : null
    const isMoved = !isSame(before, next)
    this.#move(at, 'sso-login', username, next)
    if (isClaimed) return isMoved ? 'overridden' : 'unchanged'
    return isMoved ? 'cleared' : 'not-asserted'
  }

  #setMany({ usernames, roleArns }: Operation, at: string): string {
    const next: ModelAssignment = { source: 'cli', roleArns, expiresAt: null }
    const going = usernames.filter((username) => {
      const before = this.assignments.get(username)
      return before?.source !== 'sso' && !isSame(before, next)
    })
    for (const username of going) this.#move(at, 'set', username, next)
    return `${going.length} steps`
  }

  #move(at: string, action: string, username: string, after: ModelAssignment | null): void {
    this.events.push({ at, action, username, before: this.assignments.get(username) ?? null, after })
    if (after === null) this.assignments.delete(username)
    else this.assignments.set(username, after)
  }
}

function isSame(one: ModelAssignment | null | undefined, other: ModelAssignment | null): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other)
}
