import { AdminError } from '../errors.ts'

/** A step that a store has been through. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

/** A step that this version of the program knows. */
export type KnownMigration = AppliedMigration

/**
 * Compares what a store has been through with what this version knows, and answers the steps still to do.
 * History must be a prefix of the list: nothing changed, nothing missing, nothing in between.
 *
 * @throws AdminError REFUSED_MIGRATIONS
 */
export function pendingMigrations<T extends KnownMigration>(
  known: readonly T[],
  applied: readonly AppliedMigration[],
): readonly T[] {
  for (const [index, done] of applied.entries()) refuseMismatch(known, done, index)
  return known.slice(applied.length)
}

/**
 * For readers: the schema must be that of this version. Whether a step was edited only writers check, by its hash.
 *
 * @param howToKeep the command that makes a copy first
 * @throws AdminError REFUSED_MIGRATIONS
 */
export function refuseOtherSteps(
  known: readonly string[],
  applied: readonly string[],
  location: string,
  howToKeep: string,
): void {
  const named = (name: string) => ({ name, checksum: '' })
  const pending = pendingMigrations(known.map(named), applied.map(named))
  refusePending(
    pending.map(({ name }) => name),
    location,
    howToKeep,
  )
}

/** @throws AdminError REFUSED_MIGRATIONS */
export function refusePending(pending: readonly string[], location: string, howToKeep: string): void {
  if (pending.length === 0) return
  const verb = pending.length === 1 ? 'is' : 'are'
  throw new AdminError(
    'REFUSED_MIGRATIONS',
    `the store ${location} is older than this version of admin: ${pending.join(', ')} ${verb} still to apply`,
    { suggestions: [howToKeep, 'admin store migrate'] },
  )
}

function refuseMismatch(known: readonly KnownMigration[], done: AppliedMigration, index: number): void {
  const expected = known[index]
  if (expected?.name === done.name) {
    if (expected.checksum === done.checksum) return
    throw refusal(
      `migration ${done.name} was changed after it was applied to this store: checksum ${expected.checksum.slice(0, 12)}… here, ${done.checksum.slice(0, 12)}… in the store`,
    )
  }
  if (known.some(({ name }) => name === done.name)) {
    const first = expected?.name ?? 'the one it follows'
    throw refusal(
      `migration ${done.name} was applied to this store before ${first}, which comes first: they are out of order`,
    )
  }
  if (done.name > (known.at(-1)?.name ?? '')) {
    throw refusal(
      `this store has been through migration ${done.name}, which this version does not know: it is older than the store`,
    )
  }
  throw refusal(`migration ${done.name} was applied to this store and is missing here`)
}

function refusal(problem: string): AdminError {
  return new AdminError(
    'REFUSED_MIGRATIONS',
    `${problem}\ninstall the version of admin that last worked with this store, or a newer one`,
  )
}
