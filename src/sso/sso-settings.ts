import type { Config, SsoConfig } from '../config/config.ts'
import { AdminError } from '../errors.ts'
import { type Issuer, parseIssuer } from '../iam/issuer.ts'

/** The `sso` section of the configuration, its issuer checked. */
export interface SsoSettings extends SsoConfig {
  readonly issuer: Issuer
}

/**
 * @param source where the configuration was looked for, for the message
 * @throws AdminError INVALID_CONFIG, INVALID_ISSUER
 */
export function requireSso(config: Config, source: string): SsoSettings {
  const sso = requireSsoSection(config, source)
  try {
    return { ...sso, issuer: parseIssuer(sso.issuer, sso) }
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    throw new AdminError(error.code, `${source}: sso.issuer: ${error.message}`, {
      details: { source, key: 'sso.issuer' },
    })
  }
}

/** @throws AdminError INVALID_CONFIG */
export function requireSsoSection(config: Config, source: string): SsoConfig {
  if (config.sso !== undefined) return config.sso
  throw new AdminError('INVALID_CONFIG', `single sign-on is not configured: there is no section sso: in ${source}`, {
    suggestions: ['admin config from-workbench'],
    details: { source, key: 'sso' },
  })
}
