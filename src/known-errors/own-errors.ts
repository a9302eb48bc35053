import { type ErrorCode, exitCodes } from '../errors.ts'
import type { KnownError } from './known-error.ts'

const SESSION = 'docs/sessions.md, docs/login.md'
const CONTRACT = 'the table of exit codes'

/** Of this program: what it says to the AWS CLI, to a log or to somebody who asks on, and its codes by their families. */
export const ownErrors: readonly KnownError[] = [
  {
    id: 'admin-role-not-assigned',
    pattern:
      /the AWS roles of "[^"\n]{1,256}" were assigned until|the role \S{1,2100} is not assigned to "[^"\n]{1,256}"|"[^"\n]{1,256}" has no AWS roles/,
    meaning: 'the store assigns this role to nobody of that name, or does so no longer',
    causes: ['the name is spelt otherwise: letter case matters', 'the assignment ended, or SSO took it away'],
    checks: ['admin get-aws-role-arns USERNAME --long', 'admin audit log --user USERNAME', 'admin store status'],
    isGeneral: true,
    source: SESSION,
  },
  {
    id: 'admin-role-choice',
    pattern: /may use \d{1,3} AWS roles; say with --role which one/,
    meaning: 'several roles are assigned, and a session is of one',
    causes: ['the command names no --role'],
    checks: ['admin get-aws-role-arns USERNAME', 'admin session env USERNAME --role ROLE_ARN'],
    isGeneral: true,
    source: SESSION,
  },
  {
    id: 'admin-login-missing',
    pattern: /no (?:refresh token|tokens) of "[^"\n]{1,256}" (?:is|are) kept|the login of "[^"\n]{1,256}" has ended/,
    meaning: 'a session needs an ID token of the identity provider, and no login of this user gives one',
    causes: [
      'they have never logged in here',
      'the provider ended the login',
      'sso.scopes lacks offline_access: then there is nothing to renew it with',
    ],
    checks: ['admin sso login --username USERNAME', 'admin sso check'],
    isGeneral: true,
    source: SESSION,
  },
  {
    id: 'admin-store-missing',
    pattern: /there is no store(?: yet)? at \S{1,4096}/,
    meaning: 'nobody has written to that store yet, or another one is meant',
    causes: ['without sudo everybody has a store of their own', 'ADMIN_DATABASE or --database names another file'],
    checks: ['sudo admin store status', 'admin store status', 'env | grep ^ADMIN_'],
    isGeneral: true,
    source: 'docs/postgresql.md',
  },
  ofFamily(/^(?:USAGE|INVALID)_/, {
    id: 'admin-invalid',
    meaning: 'an argument, a flag, a file or the configuration is not as it must be; nothing was changed',
    causes: ['the message names the value that was seen, and beside it what was expected'],
    checks: ['admin --help'],
  }),
  ofFamily(/^REFUSED_/, {
    id: 'admin-refused',
    meaning: 'a rule forbids it; nothing was changed',
    causes: [
      'SSO governs the user',
      'what is in the way does not belong to this program',
      'a question was answered with no',
    ],
    checks: ['admin get-aws-role-arns USERNAME --long', 'admin provision plan'],
  }),
  ofFamily(/^NOT_FOUND_/, {
    id: 'admin-not-found',
    meaning: 'what the command names does not exist, as far as it may look',
    causes: ['the name is mistyped', 'it is in another account, region or store'],
    checks: ['aws sts get-caller-identity', 'admin store status'],
  }),
  ofFamily(/^DENIED_/, {
    id: 'admin-denied',
    meaning: 'AWS, a database or the file system denied access, or credentials have run out',
    causes: ['the file or store belongs to root', 'the credentials are of somebody else, or have expired'],
    checks: ['aws sts get-caller-identity', 'admin provision permissions', 'sudo admin store status'],
  }),
  ofFamily(/^UNAVAILABLE_/, {
    id: 'admin-unavailable',
    meaning: 'something did not answer, or asked for a pause; the command may be run again',
    causes: ['the network, or the service behind it', 'another process holds the store'],
    checks: ['admin sso check', 'admin store status'],
  }),
  ofFamily(/^TOKEN_/, {
    id: 'admin-token',
    meaning:
      'an ID token was not accepted: it failed verification, or its claims are not as expected; nothing was changed',
    causes: [
      'it is older than the last one, or has ended',
      'issuer or client id in the configuration are not those of the token',
    ],
    checks: ['admin sso check', 'admin sso rehearse --claims FILE', 'date --utc'],
  }),
]

/** The codes of our errors, as `--json` prints them. */
function ofFamily(family: RegExp, words: Pick<KnownError, 'id' | 'meaning' | 'causes' | 'checks'>): KnownError {
  const codes = (Object.keys(exitCodes) as ErrorCode[]).filter((code) => family.test(code))
  const pattern = new RegExp(`"code": {0,3}"(?:${codes.join('|')})"`)
  return { ...words, pattern, isGeneral: true, source: CONTRACT }
}
