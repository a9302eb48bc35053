import { type AwsAnswer, type AwsRequest, errorAnswer, isWrite } from './aws-emulator-requests.ts'

export type FaultKind =
  | 'throttle'
  | 'unavailable'
  | 'deny'
  | 'drop-before'
  | 'apply-then-drop'
  | { readonly status: number; readonly code: string; readonly message: string }

/**
 * What goes wrong with an action, as `CreateRole` or `iam:CreateRole`: from its n-th request on (default the first), so
 * many times (default once), of one account where it is named. Or with the n-th write of all.
 */
export type Fault =
  | {
      readonly action: string
      readonly kind: FaultKind
      readonly from?: number
      readonly times?: number
      /** Of any account where none is named. */
      readonly account?: string
    }
  | { readonly write: number; readonly kind: FaultKind }

/** Counts requests and knows which of them go wrong. */
export class Faults {
  #faults: readonly Fault[] = []
  #writes = 0
  readonly #seen = new Map<string, number>()

  inject(faults: readonly Fault[]): void {
    this.#faults = [...faults]
    this.forget()
  }

  /** Counts anew. */
  forget(): void {
    this.#seen.clear()
    this.#writes = 0
  }

  /** How many writes were asked for. */
  get writes(): number {
    return this.#writes
  }

  next(asked: AwsRequest): FaultKind | null {
    if (isWrite(asked)) this.#writes += 1
    const [ofAll, ofAccount] = [this.#count(nameOf(asked)), this.#count(`${asked.account} ${nameOf(asked)}`)]
    const isDue = (fault: Fault) => this.#isDue(fault, asked, 'account' in fault ? ofAccount : ofAll)
    return this.#faults.find(isDue)?.kind ?? null
  }

  #count(key: string): number {
    const count = (this.#seen.get(key) ?? 0) + 1
    this.#seen.set(key, count)
    return count
  }

  #isDue(fault: Fault, asked: AwsRequest, count: number): boolean {
    if ('write' in fault) return isWrite(asked) && this.#writes === fault.write
    const { action, from = 1, times = 1, account = asked.account } = fault
    const isMeant = (action === asked.action || action === nameOf(asked)) && account === asked.account
    return isMeant && count >= from && count < from + times
  }
}

function nameOf({ service, action }: AwsRequest): string {
  return `${service}:${action}`
}

/** As the services word it: EC2 has names of its own (EC2 API reference, "Error codes"). */
export function faultAnswer(
  fault: Exclude<FaultKind, 'drop-before' | 'apply-then-drop'>,
  asked: AwsRequest,
): AwsAnswer {
  const { service } = asked
  const [, throttled] = NAMES[service] ?? DEFAULT_NAMES
  if (typeof fault === 'object') return errorAnswer(fault.status, fault.code, fault.message, service)
  if (fault === 'throttle') return errorAnswer(400, throttled, 'Rate exceeded', service)
  if (fault === 'unavailable') return errorAnswer(503, 'ServiceUnavailable', 'Service Unavailable', service)
  return deniedAnswer(asked, nameOf(asked))
}

/** As IAM says it: who may not do what, and for want of what. */
export function deniedAnswer({ service, account }: AwsRequest, action: string): AwsAnswer {
  const [denied] = NAMES[service] ?? DEFAULT_NAMES
  const message = `User: arn:aws:iam::${account}:user/test is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`
  return errorAnswer(403, denied, message, service)
}

const DEFAULT_NAMES: readonly [string, string] = ['AccessDenied', 'Throttling']
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  ec2: ['UnauthorizedOperation', 'RequestLimitExceeded'],
  'redshift-serverless': ['AccessDeniedException', 'ThrottlingException'],
}
