import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'

/** The tokens of one person, sealed with a key that the store does not have, and what is needed to find them. */
export interface SealedTokens {
  readonly issuer: string
  readonly clientId: string
  /** Opaque to the store. */
  readonly sealed: string
  readonly hasRefreshToken: boolean
  /** The end of the newest ID token. */
  readonly idTokenExpiresAt: Instant
}

export interface KeptTokens extends SealedTokens {
  readonly username: Username
}

export type KeptLogin = Pick<KeptTokens, 'username' | 'hasRefreshToken' | 'idTokenExpiresAt'>

/** The right to use a person's refresh token: one process of all hosts has it. */
export interface TokenClaim {
  readonly username: Username
  /** Known to its holder alone. */
  readonly holder: string
}

export interface ClaimedTokens {
  readonly claim: TokenClaim
  readonly tokens: KeptTokens
}

/**
 * The port through which tokens are kept. A refresh token that is spent twice may end a login, so whoever spends one
 * claims it first. A claim ends by itself, by the clock of the store: whoever held it may have died.
 */
export interface TokenVault {
  /** In place of what was kept, and of every claim to it. The person must be known. */
  keepTokens(username: Username, tokens: SealedTokens): Promise<void>
  findTokens(username: Username): Promise<KeptTokens | null>
  /** Everybody of whom tokens are kept, those first whose ID token ends soonest. */
  keptLogins(): Promise<readonly KeptLogin[]>
  /** `null` where there are none, or where somebody else has a claim that has not ended. */
  claimTokens(username: Username, seconds: number): Promise<ClaimedTokens | null>
  /** Puts this in the place of what was claimed. False where the claim has gone to somebody else: nothing is written. */
  replaceTokens(claim: TokenClaim, tokens: SealedTokens): Promise<boolean>
  /** False where the claim has gone to somebody else: they stay. */
  forgetTokens(claim: TokenClaim): Promise<boolean>
  releaseTokens(claim: TokenClaim): Promise<void>
}
