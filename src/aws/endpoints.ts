import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'

/** Of the services that are asked, those included that credentials may come from. */
const ENDPOINTS = [
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_EC2',
  'AWS_ENDPOINT_URL_IAM',
  'AWS_ENDPOINT_URL_RDS',
  'AWS_ENDPOINT_URL_REDSHIFT',
  'AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_SSO',
  'AWS_ENDPOINT_URL_SSO_OIDC',
] as const

/**
 * The SDK would say "Invalid URL" at the first request, and not whose.
 *
 * @throws AdminError INVALID_CONFIG
 */
export function refuseBadEndpoints(environment: NodeJS.ProcessEnv): void {
  for (const name of ENDPOINTS) {
    const url = environment[name]
    if (!url || (/^https?:\/\/./.test(url) && URL.canParse(url))) continue
    throw new AdminError('INVALID_CONFIG', `${name} is ${quote(url)}, expected http://HOST or https://HOST`)
  }
}
