import { type CodeWords, knownByCode, othersOf } from './code-words.ts'
import type { KnownError } from './known-error.ts'
import { ownLogins } from './own-logins.ts'
import { ownPlaces } from './own-places.ts'
import { ownRefusals } from './own-refusals.ts'

const assignments = (): readonly CodeWords[] => [
  {
    id: 'admin-role-not-assigned',
    codes: ['REFUSED_NOT_ASSIGNED', 'NOT_FOUND_ASSIGNMENT'],
    sentence:
      /the AWS roles of "[^"\n]{1,256}" were assigned until|the role \S{1,2100} is not assigned to "[^"\n]{1,256}"|"[^"\n]{1,256}" has no AWS roles/,
    meaning: 'the store assigns this role to nobody of that name, or does so no longer',
    causes: ['the name is spelt otherwise: letter case matters', 'the assignment ended, or SSO took it away'],
    checks: ['admin get-aws-role-arns USERNAME --long', 'admin audit log --user USERNAME', 'admin store status'],
  },
  {
    id: 'admin-role-choice',
    codes: ['REFUSED_ROLE_CHOICE'],
    sentence: /may use \d{1,3} AWS roles; say with --role which one/,
    meaning: 'several roles are assigned, and a session is of one',
    causes: ['the command names no --role'],
    checks: ['admin get-aws-role-arns USERNAME', 'admin session env USERNAME --role ROLE_ARN'],
  },
  {
    id: 'admin-store-missing',
    codes: ['NOT_FOUND_STORE'],
    sentence: /there is no store(?: yet)? at \S{1,4096}/,
    meaning: 'nobody has written to that store yet, or another one is meant',
    causes: ['without sudo everybody has a store of their own', 'ADMIN_DATABASE or --database names another file'],
    checks: ['sudo admin store status', 'admin store status', 'env | grep ^ADMIN_'],
  },
]

const families = (special: readonly CodeWords[]): readonly CodeWords[] => [
  {
    id: 'admin-invalid',
    codes: othersOf(/^(?:USAGE|INVALID)_/, special),
    meaning: 'an argument, a flag, a file or the configuration is not as it must be; nothing was changed',
    causes: ['the message names the value that was seen, and beside it what was expected'],
    checks: ['admin --help'],
  },
  {
    id: 'admin-refused',
    codes: othersOf(/^REFUSED_/, special),
    meaning: 'a rule forbids it; nothing was changed',
    causes: [
      'SSO governs the user',
      'what is in the way does not belong to this program',
      'a question was answered with no',
    ],
    checks: ['admin get-aws-role-arns USERNAME --long', 'admin provision plan'],
  },
  {
    id: 'admin-not-found',
    codes: othersOf(/^NOT_FOUND_/, special),
    meaning: 'what the command names does not exist, as far as it may look',
    causes: ['the name is mistyped', 'it is in another account or region'],
    checks: ['aws sts get-caller-identity', 'aws configure list'],
  },
  {
    id: 'admin-denied',
    codes: othersOf(/^DENIED_/, special),
    meaning: 'AWS denied access, or the credentials have run out',
    causes: ['the credentials are of somebody else, or have expired', 'a policy of the caller lacks the action'],
    checks: ['aws sts get-caller-identity', 'admin provision permissions'],
  },
  {
    id: 'admin-unavailable',
    codes: othersOf(/^UNAVAILABLE_/, special),
    meaning: 'the store or the identity provider did not answer; the command may be run again',
    causes: ['the network, or the service behind it', 'another process holds the store'],
    checks: ['admin sso check', 'admin store status'],
  },
  {
    id: 'admin-token',
    codes: othersOf(/^TOKEN_/, special),
    meaning: 'an ID token was not accepted: it is not meant for this client, or of another issuer; nothing was changed',
    causes: [
      'issuer or client id in the configuration are not those of the token',
      'the token was issued to another client of the same provider',
    ],
    checks: ['admin sso check', 'admin sso rehearse --claims FILE'],
  },
]

/** Of this program: what it says to the AWS CLI, to a log or to somebody who asks on, and each of its codes. */
export function ownErrors(): readonly KnownError[] {
  const special = [...assignments(), ...ownLogins(), ...ownRefusals(), ...ownPlaces()]
  return [...special, ...families(special)].map(knownByCode)
}
