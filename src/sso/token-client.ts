/** What the token endpoint answered. Nothing of it is verified. */
export interface TokenAnswer {
  readonly idToken: string | null
  /** `null`: where one was spent, it stays good. */
  readonly refreshToken: string | null
}

/** What a person is shown, to log in on a device of their own. */
export interface DevicePrompt {
  readonly verificationUri: string
  readonly verificationUriComplete: string | null
  readonly userCode: string
  /** Seconds until the code ends. */
  readonly expiresIn: number
}

/** The identity provider as a client of ours uses it. */
export interface TokenClient {
  /**
   * The device authorization grant (RFC 8628), to its end.
   *
   * @throws AdminError DENIED_LOGIN, DENIED_CLIENT, REFUSED_INTERRUPTED, UNAVAILABLE_ISSUER, INVALID_ISSUER
   */
  readonly logIn: (prompt: (shown: DevicePrompt) => void, signal: AbortSignal) => Promise<TokenAnswer>
  /**
   * The refresh token grant (RFC 6749 §6).
   *
   * @throws AdminError DENIED_REFRESH_TOKEN, DENIED_CLIENT, UNAVAILABLE_ISSUER
   */
  readonly refresh: (refreshToken: string) => Promise<TokenAnswer>
}
