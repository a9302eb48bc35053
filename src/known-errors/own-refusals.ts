import type { CodeWords } from './code-words.ts'

const PLAN = 'admin provision plan'
const CALLER = 'aws sts get-caller-identity'

/** What a rule of this program forbade, where more can be said than that. */
export const ownRefusals = (): readonly CodeWords[] => [
  {
    id: 'admin-lockout',
    codes: ['REFUSED_LOCKOUT'],
    sentence: /IAM for "[^"\n]{1,256}" would lock out who logs in otherwise/,
    meaning:
      'somebody who logs in to the database by password could do so no longer: with IAM, passwords stop working; nothing was changed',
    causes: [
      'the user, or one who inherits from it, has a password that is in use',
      'it is the master user, or who is connected here',
    ],
    checks: ['admin rds grant --engine postgres --db-user OTHER_USER', "psql -c '\\du'"],
  },
  {
    id: 'admin-wrong-account',
    codes: ['REFUSED_WRONG_ACCOUNT'],
    meaning: 'the AWS credentials are of another account than the one that is meant; nothing was changed',
    causes: ['AWS_PROFILE, or the profile of the account in the spec, is another', 'the account id is mistyped'],
    checks: [CALLER, 'env | grep ^AWS_PROFILE', 'aws configure list'],
  },
  {
    id: 'admin-quota',
    codes: ['REFUSED_QUOTA'],
    meaning: 'a quota of AWS does not leave room for it',
    causes: ['the account or role has as many as it may', 'a policy is too long'],
    checks: ['aws iam get-account-summary', PLAN],
  },
  {
    id: 'admin-refused-by-aws',
    codes: ['REFUSED_BY_AWS'],
    meaning: 'AWS refused the call as it was made; its own words stand in the message',
    causes: ['a value that AWS does not take', 'what the call is about is in another state than was expected'],
    checks: ['admin explain-error "WORDS OF AWS"', CALLER],
  },
  {
    id: 'admin-change-refused',
    codes: [
      'REFUSED_IMMUTABLE',
      'REFUSED_IN_USE',
      'REFUSED_OPENING',
      'REFUSED_CHANGED',
      'REFUSED_DEPENDENCY',
      'REFUSED_INTERRUPTED',
      'REFUSED_MAINTENANCE_WINDOW',
    ],
    meaning: 'this change of what AWS holds was not made, as it was asked for; the message says why',
    causes: [
      'people are assigned to a role that would go away',
      'something else that it needs failed, or the run was interrupted',
      'AWS holds something else than when the plan was shown',
      'it cannot be changed in place, or waits for the next maintenance window',
    ],
    checks: [PLAN, 'admin audit log --limit 20'],
  },
  {
    id: 'admin-file-refused',
    codes: ['REFUSED_FILE_EXISTS', 'REFUSED_UNSAFE_FILE', 'REFUSED_NETWORK_FILE_SYSTEM'],
    meaning: 'the file or directory is not used, for that would not be safe; nothing was changed',
    causes: [
      'a file of that name exists, and is not overwritten',
      'it is a symbolic link, belongs to somebody else, or is open to others',
      'it is on a network file system, where locks do not work',
    ],
    checks: ['ls -ld FILE', 'findmnt --target FILE'],
  },
  {
    id: 'admin-store-refused',
    codes: ['REFUSED_MIGRATIONS', 'REFUSED_SAME_STORE', 'REFUSED_STORE_NOT_EMPTY'],
    meaning: 'the store is not as the command needs it; nothing was changed',
    causes: ['it is of another version of admin', 'the store to copy to is not empty, or is the store itself'],
    checks: ['admin store status', 'admin store migrate', 'admin --version'],
  },
  {
    id: 'admin-chain-broken',
    codes: ['REFUSED_BROKEN_CHAIN'],
    meaning: 'an event of the audit log is not as it was written: such a store is not copied',
    causes: ['somebody changed the store behind the back of admin', 'the disk is failing'],
    checks: ['admin audit verify', 'admin store status'],
  },
  {
    id: 'admin-database-refused',
    codes: ['REFUSED_ENGINE', 'REFUSED_DATABASE_USER', 'REFUSED_READ_ONLY'],
    meaning: 'the database, or the user in it, is not of the kind that this can be done with; nothing was changed',
    causes: [
      'the server is of another engine than --engine says',
      'it is a replica, or takes no changes',
      'the user is a role without LOGIN, or a superuser: neither logs in by IAM',
    ],
    checks: ['psql -c "SELECT version(), pg_is_in_recovery()"', 'mysql -e "SELECT VERSION(), @@read_only"'],
  },
]
