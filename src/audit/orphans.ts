import type { Instant } from '../clock.ts'
import type { AssignedPeople, HeldRole } from './assigned-people.ts'
import { systemAccounts } from './system-accounts.ts'

/** Something that is assigned and whose other half is gone. The names of its keys are those that scripts rely on. */
export interface Orphan {
  readonly kind: 'user' | 'role'
  /** The user name, or the role ARN. */
  readonly name: string
  readonly why: string
  /** How many people hold the role; 1 for a user. */
  readonly holders: number
  /** When it was last assigned, and by whom. */
  readonly set_at: Instant
  readonly set_by: string
}

/** The roles of one AWS account, as paths and names. */
export interface AccountRoles {
  readonly accountId: string
  /** @throws AdminError where AWS does not answer */
  listRoles(): Promise<readonly { readonly path: string; readonly name: string }[]>
}

/** What a listing could not look at. */
export type TellUnchecked = (what: string, why: string) => void

export interface OrphanSearch {
  readonly now: Instant
  readonly tellUnchecked: TellUnchecked
}

/**
 * People whose system account is gone, and roles that AWS has no more.
 *
 * @param accounts `null`: roles are not to be looked for
 * @throws AdminError UNAVAILABLE_ACCOUNTS
 */
export async function* orphans(
  people: AssignedPeople,
  accounts: readonly AccountRoles[] | null,
  search: OrphanSearch,
): AsyncGenerator<Orphan> {
  yield* orphanedUsers(people, search)
  if (accounts !== null) yield* orphanedRoles(people, accounts, search)
}

async function* orphanedUsers(people: AssignedPeople, { now, tellUnchecked }: OrphanSearch): AsyncGenerator<Orphan> {
  for await (const batch of people.peopleWithRoles(now)) {
    const states = await systemAccounts(batch.map(({ username }) => username))
    for (const { username, setAt, setBy } of batch) {
      const state = states.get(username)
      if (state === 'unknown') tellUnchecked(`user ${username}`, 'the system cannot be asked about this name')
      if (state !== 'gone') continue
      yield { kind: 'user', name: username, why: 'no system account', holders: 1, set_at: setAt, set_by: setBy }
    }
  }
}

async function* orphanedRoles(
  people: AssignedPeople,
  accounts: readonly AccountRoles[],
  { now, tellUnchecked }: OrphanSearch,
): AsyncGenerator<Orphan> {
  const held = Map.groupBy(await people.heldRoles(now), ({ accountId }) => accountId)
  const sorted = [...held].sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [accountId, roles] of sorted) {
    const account = accounts.find((candidate) => candidate.accountId === accountId)
    if (account === undefined) tellUnchecked(whatIsHeld(accountId, roles), 'there is no access to that account')
    else yield* orphansOf(account, roles, tellUnchecked)
  }
}

async function* orphansOf(
  account: AccountRoles,
  held: readonly HeldRole[],
  tellUnchecked: TellUnchecked,
): AsyncGenerator<Orphan> {
  const present = await pathsByName(account).catch((error: unknown) => {
    tellUnchecked(whatIsHeld(account.accountId, held), error instanceof Error ? error.message : String(error))
    return null
  })
  if (present === null) return
  for (const { roleArn, holders, setAt, setBy } of held) {
    const why = whyMissing(roleArn, present)
    if (why !== null) yield { kind: 'role', name: roleArn, why, holders, set_at: setAt, set_by: setBy }
  }
}

/** IAM tells names of roles apart without regard to case (IAM API reference, CreateRole). */
async function pathsByName(account: AccountRoles): Promise<ReadonlyMap<string, string>> {
  const roles = await account.listRoles()
  return new Map(roles.map(({ path, name }) => [name.toLowerCase(), `${path}${name}`]))
}

function whyMissing(roleArn: string, present: ReadonlyMap<string, string>): string | null {
  const expected = roleArn.slice(roleArn.indexOf(':role/') + ':role'.length)
  const name = expected.slice(expected.lastIndexOf('/') + 1)
  const actual = present.get(name.toLowerCase())
  if (actual === undefined) return 'no such role in AWS'
  return actual === expected ? null : `AWS has it as role${actual}`
}

function whatIsHeld(accountId: string, roles: readonly HeldRole[]): string {
  return `account ${accountId} (${roles.length} ${roles.length === 1 ? 'role' : 'roles'} assigned)`
}
