import { type Finding, failed, passed } from './finding.ts'

const EXPECTED =
  'the form that Microsoft Entra puts into iss: v1 https://sts.windows.net/TENANT/, v2 https://login.microsoftonline.com/TENANT/v2.0'

/**
 * Microsoft Entra ID has two issuers for one tenant, by the version of token that the application asks for, and serves
 * discovery documents for more URLs than it puts into tokens (Microsoft identity platform, "Access tokens", "ID token claims").
 */
export function entraHint(issuer: string): readonly Finding[] {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  if (url?.hostname === 'sts.windows.net') return [checkVersion1(issuer, url)]
  return url?.hostname === 'login.microsoftonline.com' ? [checkVersion2(issuer, url)] : []
}

function checkVersion1(issuer: string, url: URL): Finding {
  const note = 'tokens of version 1; an application with accessTokenAcceptedVersion 2 gets the other issuer'
  if (/^\/[^/]+\/$/.test(url.pathname)) return passed('entra', issuer, EXPECTED, note)
  return failed('entra', issuer, EXPECTED, 'the issuer of version 1 ends with a slash after the tenant id')
}

function checkVersion2(issuer: string, url: URL): Finding {
  if (/^\/[^/]+\/v2\.0$/.test(url.pathname)) return passed('entra', issuer, EXPECTED)
  const tenant = url.pathname.split('/')[1] || 'TENANT'
  const fix = `no token carries this issuer; write https://login.microsoftonline.com/${tenant}/v2.0, or https://sts.windows.net/${tenant}/ for tokens of version 1`
  return failed('entra', issuer, EXPECTED, fix)
}
