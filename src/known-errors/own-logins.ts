import type { CodeWords } from './code-words.ts'

const LOG_IN = 'admin sso login --username USERNAME'
const CHECK = 'admin sso check'
const REHEARSE = 'admin sso rehearse --claims FILE'

/** Of logins at the identity provider, of the tokens that came of them, and of the key that these are kept with. */
export const ownLogins = (): readonly CodeWords[] => [
  {
    id: 'admin-vault-key',
    codes: ['DENIED_VAULT_KEY'],
    sentence: /the kept tokens of "[^"\n]{1,256}" cannot be opened|is not a key: expected one line of 43 characters/,
    meaning: 'the kept tokens cannot be decrypted: the key that they were encrypted with is not the one that is here',
    causes: [
      'the key file was replaced, damaged or removed: restore it from a backup, or have everybody log in again',
      'the store was copied here without the key, or somebody else than root keeps another one',
      'the tokens in the store were changed, or are of another version of admin',
    ],
    checks: ['sudo ls -l /etc/admin/vault.key', 'ls -l ~/.config/admin/vault.key', LOG_IN],
  },
  {
    id: 'admin-client-refused',
    codes: ['DENIED_CLIENT'],
    sentence: /the identity provider refuses the client "[^"\n]{1,256}"/,
    meaning: 'the identity provider does not accept the client by which this program asks; no login is at fault',
    causes: [
      'the client secret was renewed at the provider, and sso.clientSecretFile has the old one, or none',
      'sso.clientId is that of another client',
      'the provider does not allow this client the grant: device authorization, or refresh tokens',
    ],
    checks: [CHECK, 'sudo ls -l /etc/admin/client-secret'],
  },
  {
    id: 'admin-login-missing',
    codes: ['NOT_FOUND_LOGIN', 'DENIED_REFRESH_TOKEN'],
    sentence: /no (?:refresh token|tokens) of "[^"\n]{1,256}" (?:is|are) kept|the login of "[^"\n]{1,256}" has ended/,
    meaning: 'a session needs an ID token of the identity provider, and no login of this user gives one',
    causes: [
      'they have never logged in here',
      'the provider ended the login',
      'sso.scopes lacks offline_access: then there is nothing to renew it with',
    ],
    checks: [LOG_IN, CHECK],
  },
  {
    id: 'login-grant-invalid',
    codes: [],
    sentence: /\binvalid_grant\b/,
    meaning:
      'the identity provider does not accept this login any more: the code or refresh token has ended, or was used',
    causes: [
      'the provider ended the login: it was idle for long, or an administrator or a change of password ended it',
      'the refresh token was used already, by another process or host',
      'the token was issued to another client',
    ],
    checks: [LOG_IN, CHECK],
  },
  {
    id: 'admin-login-refused',
    codes: ['DENIED_LOGIN', 'DENIED_LOGIN_EXPIRED'],
    meaning: 'the login did not come about at the identity provider; it takes another one',
    causes: [
      'nobody logged in with the code in time',
      'the person declined, or may not use this client',
      'the provider wants the person to log in again',
    ],
    checks: [LOG_IN, CHECK],
  },
  {
    id: 'admin-web-identity-denied',
    codes: ['DENIED_WEB_IDENTITY', 'NOT_FOUND_PROVIDER'],
    meaning: 'AWS gave no session for the ID token: the role or the identity provider in the account does not fit it',
    causes: [
      'the trust policy of the role names another provider, client id or subject',
      'the account has no identity provider for the issuer, or one with another URL',
    ],
    checks: ['admin provision plan', 'aws iam list-open-id-connect-providers', 'aws iam get-role --role-name ROLE'],
  },
  {
    id: 'admin-token-signature',
    codes: ['TOKEN_SIGNATURE', 'TOKEN_UNKNOWN_KEY', 'TOKEN_ALGORITHM'],
    sentence: /the signature of the token is wrong|the token is signed with a key that its issuer does not publish/,
    meaning:
      'the issuer in the configuration did not sign this token, as far as its published keys tell; nothing was changed',
    causes: [
      'the token was changed or cut on its way',
      'it is of another issuer, realm or tenant',
      'the provider changed its keys, or signs with an algorithm that is not accepted, as HS256',
    ],
    checks: [CHECK, LOG_IN],
  },
  {
    id: 'admin-token-time',
    codes: ['TOKEN_EXPIRED', 'TOKEN_NOT_YET_VALID', 'TOKEN_REPLAYED'],
    meaning: 'the token is too old, or not valid yet; nothing was changed',
    causes: [
      'it has ended: ID tokens often live for minutes only',
      'a newer one of the same person was applied already',
      'the clock of this host is wrong',
    ],
    checks: [LOG_IN, 'admin sso refresh USERNAME', 'date --utc', 'timedatectl'],
  },
  {
    id: 'admin-token-missing',
    codes: ['TOKEN_MISSING'],
    meaning: 'the identity provider answered without an ID token, which AWS needs',
    causes: ['sso.scopes lacks openid', 'the provider issues none when a login is refreshed: a setting of its client'],
    checks: [CHECK, LOG_IN],
  },
  {
    id: 'admin-token-malformed',
    codes: ['TOKEN_MALFORMED'],
    meaning: 'what was given is no ID token; nothing was changed',
    causes: ['an access or refresh token was given in its place', 'it was cut, or the file has more than the token'],
    checks: [LOG_IN, 'wc -lc FILE'],
  },
  {
    id: 'admin-token-claims',
    codes: ['TOKEN_CLAIMS', 'TOKEN_USERNAME', 'TOKEN_SUBJECT'],
    meaning: 'the token is genuine, and what it says of the person is not as expected; nothing was changed',
    causes: [
      'the claim of the roles is no list of role ARNs',
      'the claim of the user name is missing, or names somebody else: sso.usernameClaim',
      'the user name belongs to another subject at the provider than before',
    ],
    checks: [REHEARSE, 'admin audit log --user USERNAME', CHECK],
  },
]
