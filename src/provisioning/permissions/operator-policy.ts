import type { PolicyDocument } from '../../iam/policy-document.ts'
import type { Permission } from './needed-permissions.ts'

/** More than this many resources of one sort are named by their path. */
const MOST_NAMED = 10
/** Nothing, or what begins every ARN of one type. */
const IS_ROOT = /^$|:[a-z-]+\/$/

/**
 * One policy of all permissions: a statement for each set of resources, so that it is short enough to read. Sids say
 * what a statement is about.
 */
export function operatorPolicy(permissions: readonly Permission[]): PolicyDocument {
  const resources = new Map<string, Set<string>>()
  for (const { action, resource } of permissions) {
    resources.set(action, (resources.get(action) ?? new Set()).add(resource))
  }
  const statements = new Map<string, string[]>()
  for (const [action, of] of resources) {
    const key = JSON.stringify([serviceOf(action), compact([...of])])
    statements.set(key, [...(statements.get(key) ?? []), action])
  }
  const sids = new Map<string, number>()
  return {
    Version: '2012-10-17',
    Statement: [...statements].map(([key, actions]) => {
      const [, of] = JSON.parse(key)
      return { Sid: numbered(sids, sidOf(actions)), Effect: 'Allow', Action: actions.sort(), Resource: of }
    }),
  }
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'))
}

/** Many of one path become that path, but never the root of the account; what another covers is not said again. */
function compact(arns: readonly string[]): string | readonly string[] {
  const byPath = Map.groupBy(arns, (arn) => arn.slice(0, arn.lastIndexOf('/') + 1))
  const short = [...byPath].flatMap(([path, of]) => (of.length > MOST_NAMED && !IS_ROOT.test(path) ? [`${path}*`] : of))
  const patterns = short.filter((arn) => arn.includes('*'))
  const kept = short.filter((arn) => !patterns.some((pattern) => pattern !== arn && covers(pattern, arn))).sort()
  const [only, ...others] = kept
  return only !== undefined && others.length === 0 ? only : kept
}

/** IAM user guide, "IAM JSON policy elements: Resource": an asterisk stands for anything, slashes included. */
function covers(pattern: string, arn: string): boolean {
  const escaped = pattern.replaceAll(/[^\w*]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*')}$`).test(arn)
}

function sidOf(actions: readonly string[]): string {
  const service = serviceOf(actions[0] ?? '').replace('redshift-serverless', 'redshift')
  const isRead = actions.every((action) => /:(Get|List|Describe)/.test(action))
  return `${isRead ? 'Read' : 'Change'}${service.charAt(0).toUpperCase()}${service.slice(1)}`
}

/** A Sid is there once in a policy (IAM user guide, "IAM JSON policy elements: Sid"). */
function numbered(sids: Map<string, number>, sid: string): string {
  const count = (sids.get(sid) ?? 0) + 1
  sids.set(sid, count)
  return count === 1 ? sid : `${sid}${count}`
}
