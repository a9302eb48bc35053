/** Every `error.code` that a user can meet, with the exit code of its family. Scripts branch on both. */
export const exitCodes = {
  INTERNAL: 1,

  USAGE_COMMAND: 2,
  USAGE_ARGUMENT: 2,
  USAGE_FLAG: 2,
  INVALID_USERNAME: 2,
  INVALID_ROLE_ARN: 2,
  INVALID_ACCOUNT_ID: 2,
  INVALID_POLICY_ARN: 2,
  INVALID_ROLE: 2,
  INVALID_ISSUER: 2,
  INVALID_CLIENT_ID: 2,
  INVALID_SUBJECT: 2,
  INVALID_EXPIRY: 2,
  INVALID_TIME: 2,
  INVALID_CONFIG: 2,
  INVALID_CLAIMS_FILE: 2,
  INVALID_IMPORT: 2,
  INVALID_DATABASE: 2,
  INVALID_SPEC: 2,
  INVALID_REGION: 2,
  INVALID_PROFILE: 2,
  INVALID_THUMBPRINT: 2,
  INVALID_TAG: 2,
  INVALID_POLICY_NAME: 2,
  INVALID_INSTANCE_ID: 2,
  INVALID_S3_LOCATION: 2,
  INVALID_REDSHIFT_NAME: 2,
  INVALID_DURATION: 2,
  INVALID_HOST: 2,
  INVALID_ATHENA_NAME: 2,
  INVALID_DATABASE_USER: 2,
  INVALID_DATABASE_REFERENCE: 2,

  REFUSED_SSO_GOVERNS: 3,
  REFUSED_DECLINED: 3,
  REFUSED_NOT_OURS: 3,
  REFUSED_WRONG_ACCOUNT: 3,
  REFUSED_IMMUTABLE: 3,
  REFUSED_QUOTA: 3,
  REFUSED_IN_USE: 3,
  REFUSED_OPENING: 3,
  REFUSED_CHANGED: 3,
  REFUSED_DEPENDENCY: 3,
  REFUSED_INTERRUPTED: 3,
  REFUSED_ENGINE: 3,
  REFUSED_MAINTENANCE_WINDOW: 3,
  REFUSED_FILE_EXISTS: 3,
  REFUSED_UNSAFE_FILE: 3,
  REFUSED_NETWORK_FILE_SYSTEM: 3,
  REFUSED_MIGRATIONS: 3,
  REFUSED_BY_AWS: 3,
  REFUSED_SAME_STORE: 3,
  REFUSED_STORE_NOT_EMPTY: 3,
  REFUSED_BROKEN_CHAIN: 3,
  REFUSED_LOCKOUT: 3,
  REFUSED_DATABASE_USER: 3,
  REFUSED_READ_ONLY: 3,
  REFUSED_NOT_ASSIGNED: 3,
  REFUSED_ROLE_CHOICE: 3,

  NOT_FOUND_STORE: 4,
  NOT_FOUND_CONFIG: 4,
  NOT_FOUND_FILE: 4,
  NOT_FOUND_AWS: 4,
  NOT_FOUND_ROLE: 4,
  NOT_FOUND_POLICY: 4,
  NOT_FOUND_DATABASE: 4,
  NOT_FOUND_CLUSTER: 4,
  NOT_FOUND_WORKGROUP: 4,
  NOT_FOUND_CLIENT: 4,
  NOT_FOUND_CA_BUNDLE: 4,
  NOT_FOUND_INSTANCE: 4,
  NOT_FOUND_ACCOUNT: 4,
  NOT_FOUND_EXPLANATION: 4,
  NOT_FOUND_ASSIGNMENT: 4,
  NOT_FOUND_SYSTEM_USER: 4,
  NOT_FOUND_PROVIDER: 4,
  NOT_FOUND_LOGIN: 4,

  DIFFERENCES: 5,
  FINDINGS: 5,

  DENIED_STORE: 6,
  DENIED_FILE: 6,
  DENIED_AWS: 6,
  DENIED_AWS_CREDENTIALS: 6,
  DENIED_DATABASE: 6,
  DENIED_WEB_IDENTITY: 6,
  DENIED_LOGIN: 6,
  DENIED_LOGIN_EXPIRED: 6,
  DENIED_CLIENT: 6,
  DENIED_REFRESH_TOKEN: 6,
  DENIED_VAULT_KEY: 6,

  UNAVAILABLE_STORE: 7,
  UNAVAILABLE_ISSUER: 7,
  UNAVAILABLE_AWS: 7,
  UNAVAILABLE_DNS: 7,
  UNAVAILABLE_OUTPUT: 7,
  UNAVAILABLE_LOCK: 7,
  UNAVAILABLE_CLUSTER: 7,
  UNAVAILABLE_ACCOUNTS: 7,
  UNAVAILABLE_DATABASE: 7,
  UNAVAILABLE_FILE: 7,

  PARTIAL: 8,

  TOKEN_MISSING: 9,
  TOKEN_MALFORMED: 9,
  TOKEN_ALGORITHM: 9,
  TOKEN_UNKNOWN_KEY: 9,
  TOKEN_SIGNATURE: 9,
  TOKEN_ISSUER: 9,
  TOKEN_AUDIENCE: 9,
  TOKEN_AUTHORIZED_PARTY: 9,
  TOKEN_EXPIRED: 9,
  TOKEN_NOT_YET_VALID: 9,
  TOKEN_REPLAYED: 9,
  TOKEN_SUBJECT: 9,
  TOKEN_USERNAME: 9,
  TOKEN_CLAIMS: 9,
} as const

export type ErrorCode = keyof typeof exitCodes

export interface AdminErrorOptions {
  /** Commands that can be pasted, most useful first. */
  readonly suggestions?: readonly string[]
  /** What a script needs to know beyond the code. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * What stops a command, in words for its user. Anything else that is thrown is a bug.
 *
 * The message is lower case without a full stop, shows what was seen beside what was expected, and may run over
 * several lines: the first says what is wrong, the others what follows from it.
 */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly code: ErrorCode
  readonly suggestions: readonly string[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: AdminErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.suggestions = options.suggestions ?? []
    this.details = options.details ?? {}
  }

  get exitCode(): number {
    return exitCodes[this.code]
  }
}

/**
 * Several problems as one: the code of the first, the words of all, each said once.
 *
 * @param problems at least one
 */
export function combined(problems: readonly AdminError[]): AdminError {
  const [first = new AdminError('INTERNAL', 'nothing went wrong'), ...others] = problems
  if (others.length === 0) return first
  return new AdminError(first.code, [...new Set(problems.map(({ message }) => message))].join('\n'), {
    suggestions: [...new Set(problems.flatMap(({ suggestions }) => suggestions))],
    details: { problems: problems.map(({ code, message }) => ({ code, message })) },
  })
}
