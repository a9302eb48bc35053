import type * as Zod from 'zod/mini'
import { defaultClaimRules } from './config.ts'

/** The shape of `config.yaml`, with the defaults of what it leaves out. zod is handed in: it is loaded only when needed. */
export function configSchema(z: typeof Zod) {
  const text = z.string().check(z.minLength(1))
  return z.strictObject({
    database: z.optional(text),
    sso: z.optional(
      z.strictObject({
        issuer: text,
        clientId: text,
        clientSecretFile: z.optional(text),
        usernameClaim: z._default(text, defaultClaimRules.usernameClaim),
        roleArnClaim: z._default(text, defaultClaimRules.roleArnClaim),
        roleSessionNameClaim: z._default(text, defaultClaimRules.roleSessionNameClaim),
        scopes: z._default(z.array(text), ['openid', 'profile', 'email', 'offline_access']),
        acceptJsonString: z._default(z.boolean(), defaultClaimRules.acceptJsonString),
        allowInsecureLoopback: z._default(z.boolean(), false),
      }),
    ),
    spec: z.optional(text),
  })
}
