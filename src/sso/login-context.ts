import type { AssignmentStore } from '../assignments/assignment-store.ts'
import type { StepRequest } from '../assignments/step.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import type { LiveSessions } from './live-sessions.ts'
import type { SsoSettings } from './sso-settings.ts'
import type { TokenClient } from './token-client.ts'
import type { TokenVault } from './token-vault.ts'
import type { VaultKeyFile } from './vault-key.ts'

/** Assignments, and the tokens of those who are logged in. */
export type LoginStore = AssignmentStore & TokenVault

/** All that a login or a refresh needs besides the store. `loginContext` of src/cli makes it. */
export interface LoginContext extends StepRequest {
  readonly settings: SsoSettings
  readonly loadKeys: () => Promise<IssuerKeys>
  /** Is discovered when it is first called. */
  readonly openClient: () => Promise<TokenClient>
  readonly keyFile: VaultKeyFile
  /** `null` where this host has none. */
  readonly sessions: LiveSessions | null
}
