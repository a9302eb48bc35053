import type { AwsRequest } from './aws-emulator-requests.ts'

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
}

/**
 * What AWS asks for and moto 5.2.5 does not look at. Service authorization reference, AWS Identity and Access Management
 * and Amazon EC2, "Dependent actions"; IAM user guide, "Tags for AWS Identity and Access Management resources": whoever
 * tags in a create must be allowed to tag. Redshift Serverless is not in moto at all.
 */
const JUDGED: Readonly<Record<string, string>> = {
  'iam:AddRoleToInstanceProfile': 'iam:PassRole',
  'ec2:AssociateIamInstanceProfile': 'iam:PassRole',
  'ec2:ReplaceIamInstanceProfileAssociation': 'iam:PassRole',
  'iam:CreateInstanceProfile': 'iam:TagInstanceProfile',
  'iam:CreateOpenIDConnectProvider': 'iam:TagOpenIDConnectProvider',
  'iam:CreatePolicy': 'iam:TagPolicy',
  'iam:CreateRole': 'iam:TagRole',
  'redshift-serverless:GetWorkgroup': 'redshift-serverless:GetWorkgroup',
}

/** All that AWS asks for where that was requested, as policies name it. */
export function neededActions({ service, action }: Pick<AwsRequest, 'service' | 'action'>): readonly string[] {
  const name = `${service}:${action}`
  return [name, JUDGED[name] ?? name]
}

/** Judges what moto leaves out, by the same statements. */
export class Enforcement {
  #statements: readonly Statement[] | null = null
  #last: Promise<unknown> = Promise.resolve()

  /** @param statements `null`: everybody may do everything */
  set(statements: readonly object[] | null): void {
    this.#statements = statements as readonly Statement[] | null
  }

  get isOn(): boolean {
    return this.#statements !== null
  }

  /** What was asked waits for what was asked before: moto enforces for all requests, or for none. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isOn) return work()
    const done = this.#last.then(work, work)
    this.#last = done
    return done
  }

  /** The action that the request lacks, as policies name it. */
  missing({ service, action, parameters }: AwsRequest): string | null {
    const needed = JUDGED[`${service}:${action}`]
    const isUntagged = needed?.startsWith('iam:Tag') === true && !parameters.has('Tags.member.1.Key')
    return needed === undefined || isUntagged || this.#allows(needed) ? null : needed
  }

  #allows(action: string): boolean {
    if (this.#statements === null) return true
    const matching = this.#statements.filter(({ Action = [] }) => [Action].flat().some((of) => matches(of, action)))
    return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow')
  }
}

function matches(pattern: string, action: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action)
}
