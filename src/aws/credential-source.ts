/** The profile that the SDK takes: the one that was named to it, else that of the environment. */
export function profileInUse({ AWS_PROFILE: ambient }: NodeJS.ProcessEnv, named: string | null): string {
  return named ?? (ambient || 'default')
}

/**
 * Where credentials come from, as far as the SDK says (AWS SDK for JavaScript v3, `$source` of credentials, whose names
 * are those of `@aws-sdk/types`, feature-ids). A profile may lead on to other sources; then it is still the profile that
 * decides. `null` where the SDK does not say.
 */
export function credentialSource(
  credentials: object,
  environment: NodeJS.ProcessEnv,
  profile: string | null,
): string | null {
  const marks = '$source' in credentials ? Object.keys(credentials.$source ?? {}) : []
  const has = (mark: RegExp) => marks.some((name) => mark.test(name))
  if (profile !== null || has(/^CREDENTIALS_(PROFILE|PROCESS|SSO|LOGIN)/))
    return `profile ${profileInUse(environment, profile)}`
  if (has(/^CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN$/)) return 'web identity'
  if (has(/^CREDENTIALS_ENV_VARS$/)) return 'environment'
  if (has(/^CREDENTIALS_HTTP$/)) return 'container'
  return has(/^CREDENTIALS_IMDS$/) ? 'instance' : null
}
