import { awsErrorName, isNetworkFailure, isThrottling, type SdkError } from './errors.ts'

/** A request that failed and that the SDK may send again. */
export interface FailedAttempt {
  /** As IAM policies name it: `iam:CreateRole`. */
  readonly action: string
  readonly kind: 'throttled' | 'server-error' | 'reset'
  /** As AWS or Node.js names it: `Throttling`, `ECONNRESET`. */
  readonly error: string
  /** Counts from 1. */
  readonly attempt: number
}

export type OnAttemptFailed = (failed: FailedAttempt) => void

/** What is needed of a client. */
export interface Watched {
  readonly middlewareStack: { add(middleware: Middleware, options: typeof INSIDE_THE_RETRY): void }
}

type Middleware = <Sent extends object, Answer>(
  next: (sent: Sent) => Promise<Answer>,
  context: Context,
) => (sent: Sent) => Promise<Answer>

interface Context {
  readonly commandName?: string
}

const INSIDE_THE_RETRY = { step: 'finalizeRequest', priority: 'low', name: 'watchAttempts', override: true } as const

/**
 * Tells of every attempt that fails, and lets quotas fail at once: the SDK takes `LimitExceededException` for throttling
 * and would try again and again, where a quota of IAM is meant (AWS SDK for JavaScript v3, @smithy/core/retry,
 * THROTTLING_ERROR_CODES). Under IAM's own name for it, it does not.
 */
export function watchAttempts({ middlewareStack }: Watched, service: string, onAttemptFailed: OnAttemptFailed): void {
  middlewareStack.add(
    (next, { commandName = '' }) =>
      async (sent) => {
        try {
          return await next(sent)
        } catch (error) {
          if (!(error instanceof Error)) throw error
          if (error.name === 'LimitExceededException') error.name = 'LimitExceeded'
          const kind = kindOf(error)
          const action = `${service}:${commandName.replace(/Command$/, '')}`
          if (kind !== null) onAttemptFailed({ action, kind, error: nameOf(error), attempt: attemptOf(sent) })
          throw error
        }
      },
    INSIDE_THE_RETRY,
  )
}

function kindOf(error: SdkError): FailedAttempt['kind'] | null {
  if (isThrottling(error)) return 'throttled'
  if ((error.$metadata?.httpStatusCode ?? error.$response?.statusCode ?? 0) >= 500) return 'server-error'
  return isNetworkFailure(error) ? 'reset' : null
}

function nameOf(error: SdkError): string {
  return error.code ?? awsErrorName(error)
}

/** The SDK numbers its attempts in a header: `attempt=2; max=6`. */
function attemptOf(sent: { readonly request?: { readonly headers?: Readonly<Record<string, string>> } }): number {
  return Number(/attempt=(\d+)/.exec(sent.request?.headers?.['amz-sdk-request'] ?? '')?.[1] ?? 1)
}
