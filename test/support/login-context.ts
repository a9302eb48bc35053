import { systemClock } from '../../src/clock.ts'
import { parseIssuer } from '../../src/iam/issuer.ts'
import { issuerKeys } from '../../src/sso/issuer-keys.ts'
import { keyCache } from '../../src/sso/key-cache.ts'
import type { LoginContext } from '../../src/sso/login-context.ts'
import type { SsoSettings } from '../../src/sso/sso-settings.ts'
import { openTokenClient } from '../../src/sso/token-client.ts'
import { vaultKeyFile } from '../../src/sso/vault-key.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { SsoHost } from './sso-host.ts'

/** As the command line puts it together, on a host without sessions. */
export function loginContext(
  idp: IdentityProvider,
  host: SsoHost,
  scopes: readonly string[] = ['openid', 'offline_access'],
): LoginContext {
  const settings: SsoSettings = {
    issuer: parseIssuer(idp.issuer, { allowInsecureLoopback: true }),
    clientId: 'workbench',
    clientSecretFile: `${host.directory}/client-secret`,
    usernameClaim: 'preferred_username',
    roleArnClaim: 'aws_role_arn',
    roleSessionNameClaim: 'aws_role_session_name',
    scopes,
    acceptJsonString: false,
    allowInsecureLoopback: true,
  }
  return {
    settings,
    clock: systemClock,
    actor: { name: 'root', uid: 0, host: 'here' },
    reason: null,
    loadKeys: () => issuerKeys(settings, keyCache(host.cache), systemClock()),
    openClient: () => openTokenClient(settings),
    keyFile: vaultKeyFile(host.vaultKey),
    sessions: null,
  }
}
