import type { YamlCursor } from '../../config/yaml-cursor.ts'
import { mapOf, optional, parseAt, parsed, type Reader, whole } from '../../config/yaml-readers.ts'
import { AdminError } from '../../errors.ts'
import { type AccountId, parseAccountId } from '../../iam/account-id.ts'
import { parseExternalId } from '../../iam/external-id.ts'
import type { Partition } from '../../iam/partition.ts'
import { parseProfileName } from '../../iam/profile-name.ts'
import { quote } from '../../iam/quote.ts'
import { parseRegion, partitionOfRegion } from '../../iam/region.ts'
import { checkRoleArn, type RoleArn, roleArnParts } from '../../iam/role-arn.ts'
import type { SpecAccount } from './spec.ts'

/** The section `accounts`: account ids and how to get into each. */
export const readAccounts: Reader<readonly SpecAccount[]> = (at) => {
  const accounts = mapOf(readAccount)(at)
  if (accounts === undefined || at.entries()?.length !== 0) return accounts
  return at.report(' must not be empty; leave it out for the account of the caller')
}

/** One of the accounts that the spec has: what is made elsewhere would be made with nobody's credentials. */
export function readAccountOf(known: readonly string[] | null): Reader<AccountId> {
  return (at) => {
    const id = parsed(parseAccountId)(at)
    if (id === undefined || known?.includes(id)) return id
    return at.report(`: account ${id} is not under accounts:`)
  }
}

/** The account of something that is in one account only; `null` where there is no choice. */
export function readOwnAccount(at: YamlCursor, known: readonly string[] | null): AccountId | null | undefined {
  if (at.value !== undefined) return readAccountOf(known)(at)
  return known !== null && known.length > 1 ? at.report(' is missing, and the spec has several accounts') : null
}

/** `null` where only AWS knows. */
export function partitionOfAccount({ assumeRole, region }: SpecAccount): Partition | null {
  if (assumeRole !== null) return roleArnParts(assumeRole).partition
  return region === null ? null : partitionOfRegion(parseRegion(region))
}

function readAccount(name: string, at: YamlCursor): SpecAccount | undefined {
  const id = parseAt(at, name, parseAccountId)
  const fields = at.fields('profile', 'assumeRole', 'externalId', 'region')
  if (fields === undefined) return undefined
  const account = whole<SpecAccount>({
    id,
    profile: optional(fields.profile, parsed(parseProfileName), null),
    assumeRole: optional(fields.assumeRole, parsed(parseAssumedRole), null),
    externalId: optional(fields.externalId, parsed(parseExternalId), null),
    region: optional(fields.region, parsed(parseRegion), null),
  })
  if (account !== undefined) checkAccount(account, fields)
  return account
}

function parseAssumedRole(text: string): RoleArn {
  const check = checkRoleArn(text)
  if ('arn' in check) return check.arn
  const hint = check.hint === undefined ? '' : `; ${check.hint}`
  throw new AdminError('INVALID_ROLE_ARN', `${quote(text)} ${check.problem}${hint}`)
}

function checkAccount(
  { id, assumeRole, externalId, region }: SpecAccount,
  at: Readonly<Record<'assumeRole' | 'externalId' | 'region', YamlCursor>>,
): void {
  if (externalId !== null && at.assumeRole.value === undefined) at.externalId.report(' has no place without assumeRole')
  if (assumeRole === null) return
  const { accountId, partition } = roleArnParts(assumeRole)
  if (accountId !== id) at.assumeRole.report(`: ${quote(assumeRole)} is in account ${accountId}, expected ${id}`)
  const regional = region === null ? partition : partitionOfRegion(parseRegion(region))
  if (regional !== partition)
    at.region.report(`: ${quote(region ?? '')} is in partition ${regional}, assumeRole in ${partition}`)
}
