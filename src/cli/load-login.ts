import { homedir } from 'node:os'
import type { StepRequest } from '../assignments/step.ts'
import type { LiveSessions } from '../sso/live-sessions.ts'
import type { LoginContext } from '../sso/login-context.ts'
import type { SsoSettings } from '../sso/sso-settings.ts'
import type { TokenClient } from '../sso/token-client.ts'
import { vaultKeyFile, vaultKeyPath } from '../sso/vault-key.ts'
import { keyLoader } from './load-sso.ts'

/**
 * What logins and refreshes need on this host. The identity provider is looked for when it is first asked.
 *
 * @param sessions that are to have each new ID token
 */
export function loginContext(settings: SsoSettings, step: StepRequest, sessions: LiveSessions | null): LoginContext {
  let client: Promise<TokenClient> | undefined
  return {
    ...step,
    settings,
    sessions,
    loadKeys: keyLoader(settings, step.clock),
    keyFile: vaultKeyFile(vaultKeyPath(process.getuid?.() === 0, homedir(), process.env)),
    openClient: () => {
      client ??= import('../sso/token-client.ts').then(({ openTokenClient }) => openTokenClient(settings))
      return client
    },
  }
}
