import { AdminError } from '../../errors.ts'
import { nearNames } from '../../iam/near-names.ts'
import { quote } from '../../iam/quote.ts'
import { type NeededPermission, neededPermissions } from './needed-permissions.ts'
import type { RedshiftAccess, RedshiftCaller } from './redshift-access.ts'
import type { RedshiftLogin, RedshiftTarget } from './redshift-login.ts'

const MOST_NAMES = 5

/** Where was looked, and what has a name like it: a typing error, another region and another account look the same. */
export async function explainNotFound(
  { target }: RedshiftLogin,
  access: RedshiftAccess,
  cause?: AdminError,
): Promise<AdminError> {
  const [caller, names] = await Promise.all([orNull(access.whoActs()), orNull(access.namesOf(target.kind))])
  const { accountId = null } = caller ?? {}
  const place = `${accountId === null ? '' : `account ${accountId}, `}region ${access.region}`
  const near = nearNames(target.name, names ?? [])
  const code = target.kind === 'workgroup' ? 'NOT_FOUND_WORKGROUP' : 'NOT_FOUND_CLUSTER'
  return new AdminError(code, `there is no ${describeTarget(target)} in ${place}\n${namesLine(target, names, near)}`, {
    details: { [target.kind]: target.name, region: access.region, accountId, near },
    ...(cause !== undefined && { cause }),
  })
}

function namesLine({ kind }: RedshiftTarget, names: readonly string[] | null, near: readonly string[]): string {
  const elsewhere = 'look for it in another region with --region, in another account with --profile'
  const what = kind === 'workgroup' ? 'workgroup' : 'cluster'
  if (kind === 'custom-domain') return `custom domains are names of their own; ${elsewhere}`
  if (names === null) return `what there is may not be listed with these credentials; ${elsewhere}`
  if (names.length === 0) return `there is no ${what} at all; ${elsewhere}`
  if (near.length > 0) return `did you mean ${near.map(quote).join(' or ')}?`
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return `there is ${names.slice(0, MOST_NAMES).map(quote).join(', ')}${more}; ${elsewhere}`
}

/** Which permissions the login needs, one a line, and which of them AWS missed where it says so. */
export async function explainDenial(
  denial: AdminError,
  login: RedshiftLogin,
  access: RedshiftAccess,
  workgroupId: string | null,
): Promise<AdminError> {
  const caller = await orNull(access.whoActs())
  const missing = missingPermission(String(denial.details.awsMessage ?? ''))
  const needed = caller === null ? [] : neededPermissions(login, { ...caller, region: access.region }, workgroupId)
  const lines = [
    headline(denial, login, caller),
    ...(missing === null
      ? []
      : [`AWS misses ${missing.action}${missing.resource === '' ? '' : ` on ${missing.resource}`}`]),
    ...(needed.length === 0 ? [] : ['all of this must be allowed to whoever asks, by their own policies:']),
    ...needed.map(({ action, resource }) => `  ${action} on ${resource}`),
    ...endpointHint(denial),
  ]
  return new AdminError('DENIED_AWS', lines.join('\n'), {
    details: { ...denial.details, caller: caller?.callerArn ?? null, missing, needed },
    cause: denial,
  })
}

function headline({ details }: AdminError, { target }: RedshiftLogin, caller: RedshiftCaller | null): string {
  const who = caller === null ? '' : ` to ${caller.callerArn}`
  return `AWS denied ${String(details.action)} on the ${describeTarget(target)}${who}`
}

/** Host and port can be had without asking AWS for them. */
function endpointHint({ details }: AdminError): readonly string[] {
  const isDescribing = /:(DescribeClusters|GetWorkgroup)$/.test(String(details.action))
  return isDescribing
    ? ['it is asked only for host and port: give --host, and --port if it is not 5439, to do without']
    : []
}

/** AWS's own words: "… is not authorized to perform: ACTION on resource: ARN because …". */
function missingPermission(words: string): NeededPermission | null {
  const [, action, resource = ''] = /is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(words) ?? []
  return action === undefined ? null : { action, resource }
}

export function describeTarget({ kind, name }: RedshiftTarget): string {
  const what = {
    cluster: 'Redshift cluster',
    workgroup: 'Redshift Serverless workgroup',
    'custom-domain': 'custom domain',
  }
  return `${what[kind]} ${quote(name)}`
}

/** What only explains must not hide what is explained. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch {
    return null
  }
}
