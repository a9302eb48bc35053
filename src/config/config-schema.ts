import type * as Zod from 'zod/mini'
import { defaultClaimRules, syslogFacilities } from './config.ts'

/** The shape of `config.yaml`, with the defaults of what it leaves out. zod is handed in: it is loaded only when needed. */
export function configSchema(z: typeof Zod) {
  const text = z.string().check(z.minLength(1))
  const path = z.string().check(z.regex(/^\/[^\0]/, 'must be an absolute path'))
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
    rds: z.optional(z.strictObject({ caBundle: z.optional(path) })),
    forwardEvents: z.optional(
      z.strictObject({
        syslog: z.optional(
          z.strictObject({
            socket: z._default(path, '/dev/log'),
            facility: z._default(z.enum(syslogFacilities, `must be one of ${syslogFacilities.join(', ')}`), 'authpriv'),
          }),
        ),
        file: z.optional(path),
      }),
    ),
  })
}
