import type { AccountId } from './account-id.ts'
import { accountIdProblem } from './account-id.ts'
import { isPartition, PARTITION_PATTERN, type Partition } from './partition.ts'
import { quote } from './quote.ts'

declare const roleArn: unique symbol

/** The ARN of an IAM role that a person could assume, already checked. Only {@link checkRoleArn} makes one. */
export type RoleArn = string & { readonly [roleArn]: true }

export interface RoleArnParts {
  readonly partition: Partition
  readonly accountId: AccountId
  /** Begins and ends with a slash; `/` where the role has no path. */
  readonly path: string
  readonly name: string
}

/** What is wrong with one ARN, in words that continue "role ARN 2 of 3 …". */
export interface RoleArnProblem {
  readonly problem: string
  /** The right form or the way out, where there is one. */
  readonly hint?: string
}

export type RoleArnCheck = { readonly arn: RoleArn } | RoleArnProblem

const ROLE_ARN = new RegExp(
  `^arn:(${PARTITION_PATTERN}):iam::(\\d{12}):role(\\/(?:[\\x21-\\x7E]{1,510}\\/)?)([\\w+=,.@-]{1,64})$`,
)
const ANY_ARN = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s

/**
 * Checks one ARN in full. Partition, account id, path and name follow IAM's own rules (botocore service model `iam`,
 * roleNameType and pathType); what web identity can never assume is refused too: sessions, users, groups,
 * service-linked roles and the reserved roles of IAM Identity Center (IAM user guide, "IAM identifiers").
 */
export function checkRoleArn(text: string): RoleArnCheck {
  const match = ROLE_ARN.exec(text)
  if (match === null) return explain(text)
  const [, , , path = '', name = ''] = match
  return unusableRole(path, name) ?? { arn: text as RoleArn }
}

export function roleArnParts(arn: RoleArn): RoleArnParts {
  const [, partition, accountId, path, name] = ROLE_ARN.exec(arn) ?? []
  return { partition, accountId, path, name } as RoleArnParts
}

function unusableRole(path: string, name: string): RoleArnProblem | null {
  if (path.startsWith('/aws-service-role/')) {
    return {
      problem: 'is a service-linked role',
      hint: 'only its AWS service can assume it; make a role of your own',
    }
  }
  if (path.startsWith('/aws-reserved/') || name.startsWith('AWSReservedSSO_')) {
    return {
      problem: 'is a role of IAM Identity Center (AWSReservedSSO)',
      hint: 'AWS protects its trust policy, so web identity cannot assume it; make a role of your own',
    }
  }
  if (/arn:|:role\//.test(path)) {
    return { problem: 'has another ARN in it', hint: 'separate role ARNs with commas' }
  }
  if (path.includes(',') || name.includes(',')) {
    return { problem: 'has a comma in it', hint: 'IAM allows that, a comma-separated list of roles does not' }
  }
  return null
}

function explain(text: string): RoleArnProblem {
  if (text === '') return { problem: 'is empty', hint: 'is there a comma too many?' }
  const unquoted = /^(["'\u201c\u201d\u2018\u2019])(.*)(["'\u201c\u201d\u2018\u2019])$/s.exec(text)?.[2]
  if (unquoted !== undefined) return { problem: 'has quotation marks around it', hint: `write ${unquoted}` }
  const arn = ANY_ARN.exec(text)
  if (arn === null) {
    return {
      problem: 'is not an ARN',
      hint: 'expected arn:aws:iam::ACCOUNT:role/NAME, for example arn:aws:iam::123456789012:role/data-scientist',
    }
  }
  const [, partition = '', service = '', region = '', account = '', resource = ''] = arn
  return (
    otherPrincipal(partition, service, account, resource) ??
    brokenHead(partition, service, region, account, resource) ??
    brokenResource(resource)
  )
}

/** ARNs that are right in themselves but name something else than a role. */
function otherPrincipal(partition: string, service: string, account: string, resource: string): RoleArnProblem | null {
  const session = /^assumed-role\/([^/]+)(?:\/|$)/.exec(resource)
  if (service === 'sts' && session !== null) {
    return {
      problem: 'is not an IAM role',
      hint: `that is a session of role "${session[1]}"; the role itself is arn:${partition}:iam::${account}:role/${session[1]} (its path is not part of a session ARN)`,
    }
  }
  if (service === 'sts')
    return {
      problem: 'is not an IAM role',
      hint: 'that is an ARN of STS, a session; expected …:iam::ACCOUNT:role/NAME',
    }
  const kind = OTHER_IAM_KINDS[resource.split('/', 1)[0] ?? '']
  if (service === 'iam' && kind !== undefined) {
    return { problem: 'is not an IAM role', hint: `that is ${kind}; expected …:iam::ACCOUNT:role/NAME` }
  }
  return null
}

const OTHER_IAM_KINDS: Readonly<Record<string, string>> = {
  user: 'an IAM user, which nobody can assume',
  group: 'an IAM group, which nobody can assume',
  policy: 'a policy',
  'instance-profile': 'an instance profile, which holds a role but is none',
  'oidc-provider': 'an identity provider',
  'saml-provider': 'an identity provider',
  root: 'the account itself',
  mfa: 'an MFA device',
}

function brokenHead(
  partition: string,
  service: string,
  region: string,
  account: string,
  resource: string,
): RoleArnProblem | null {
  if (!isPartition(partition))
    return {
      problem: `has the partition ${quote(partition)}`,
      hint: 'expected aws, aws-cn, aws-us-gov or another aws-…',
    }
  if (service !== 'iam')
    return {
      problem: 'is not an IAM role',
      hint: `that is an ARN of the service ${quote(service)}; expected arn:${partition}:iam::ACCOUNT:role/NAME`,
    }
  if (region !== '')
    return {
      problem: `has the region ${quote(region)}`,
      hint: `IAM ARNs have none: arn:${partition}:iam::${account}:${resource}`,
    }
  const problem = accountIdProblem(account)
  if (problem !== null) return { problem: `has the account id ${quote(account)}`, hint: problem }
  return null
}

function brokenResource(resource: string): RoleArnProblem {
  if (!resource.startsWith('role/'))
    return {
      problem: `names ${quote(resource.split('/', 1)[0] ?? '')}`,
      hint: 'expected role/NAME after the account id',
    }
  const path = resource.slice('role'.length, resource.lastIndexOf('/') + 1)
  const name = resource.slice(resource.lastIndexOf('/') + 1)
  if (name === '') return { problem: 'has no role name', hint: 'it ends with a slash' }
  if (name.length > 64) return { problem: `has a role name of ${name.length} characters`, hint: 'IAM allows 64' }
  if (!/^[\w+=,.@-]+$/.test(name))
    return { problem: `has the role name ${quote(name)}`, hint: 'IAM allows letters, digits and _+=,.@-' }
  if (path.length > 512) return { problem: `has a path of ${path.length} characters`, hint: 'IAM allows 512' }
  return {
    problem: `has the path ${quote(path)}`,
    hint: 'IAM allows printable ASCII without spaces, between single slashes',
  }
}
