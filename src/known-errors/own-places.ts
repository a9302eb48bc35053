import type { CodeWords } from './code-words.ts'

const BUNDLE = 'curl --fail --remote-name https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'

/** Of files, programs and servers that this program needs, and of how a command ended. */
export const ownPlaces = (): readonly CodeWords[] => [
  {
    id: 'admin-session-directory',
    codes: [],
    sentence: /there is no place for token files/,
    meaning: 'token files are kept in a directory of the session, and this user has none',
    causes: [
      'sudo, su, cron or a service: there XDG_RUNTIME_DIR is not set',
      'no login manager (systemd-logind) makes one on this host: ADMIN_SESSION_DIRECTORY names another',
    ],
    checks: ['env | grep -E "^(XDG_RUNTIME_DIR|ADMIN_SESSION_DIRECTORY)="', 'admin session credentials USERNAME'],
  },
  {
    id: 'admin-token-unsignable',
    codes: [],
    sentence: /no token can be signed for "[^"\n]{1,256}"/,
    meaning: 'a token is for one endpoint of RDS, and this host is none',
    causes: ['an alias of the endpoint', 'an address, or the end of a tunnel', 'the endpoint is mistyped, or was cut'],
    checks: [
      'admin rds token --hostname HOST --username DB_USER --resolve-cname',
      'admin rds token --hostname HOST --username DB_USER --sign-host ENDPOINT',
      'aws rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,Endpoint.Address,Endpoint.Port]"',
    ],
  },
  {
    id: 'admin-ca-bundle-missing',
    codes: ['NOT_FOUND_CA_BUNDLE'],
    sentence: /certificates of the authorities of RDS are not here/,
    meaning: 'to check the certificate of the database takes the bundle of RDS, and this host has none',
    causes: ['nobody has fetched it', 'rds.caBundle or --ca-bundle names another file'],
    checks: [BUNDLE, 'admin rds connect --hostname HOST --username DB_USER --ca-bundle global-bundle.pem'],
  },
  {
    id: 'admin-system-user-missing',
    codes: ['NOT_FOUND_SYSTEM_USER'],
    sentence: /this system has no user "[^"\n]{1,256}"/,
    meaning: 'a token file belongs to a user of this host, and there is none of that name',
    causes: ['the name here differs from that at the identity provider', 'the directory (LDAP, AD) does not answer'],
    checks: ['getent passwd USERNAME', 'admin session credentials USERNAME'],
  },
  {
    id: 'admin-client-missing',
    codes: ['NOT_FOUND_CLIENT'],
    meaning: 'the client of the database is not installed, or not in PATH',
    causes: ['psql or mysql was never installed here', 'PATH differs, as under sudo or in a service'],
    checks: ['command -v psql mysql mariadb', 'admin rds token --hostname HOST --username DB_USER --format env'],
  },
  {
    id: 'admin-file-missing',
    codes: ['NOT_FOUND_FILE', 'NOT_FOUND_CONFIG'],
    meaning: 'there is no such file or directory',
    causes: [
      'the path is mistyped, or from another directory',
      'ADMIN_CONFIG or HOME is of another user, as under sudo',
    ],
    checks: ['ls -l FILE', 'env | grep ^ADMIN_'],
  },
  {
    id: 'admin-unexplained',
    codes: ['NOT_FOUND_EXPLANATION'],
    meaning: 'admin explain-error knew nothing in the text it was given',
    causes: ['it was not the first error of the log', 'for a login at RDS: the reason is in iam-db-auth-error alone'],
    checks: ['admin explain-error - < LOG'],
  },
  {
    id: 'admin-file-denied',
    codes: ['DENIED_FILE', 'DENIED_STORE'],
    meaning: 'a file, or the store, may not be used by this user',
    causes: [
      'the file or store belongs to root: it takes sudo',
      'a store on PostgreSQL did not let this user in: the password, or a right in it, is missing',
    ],
    checks: ['admin store status', 'sudo admin store status', 'ls -ld FILE', 'ls -l ~/.pgpass'],
  },
  {
    id: 'admin-database-denied',
    codes: ['DENIED_DATABASE'],
    meaning: 'the database did not let this user in, or not do that; what it said stands in the message',
    causes: [
      'the password is wrong or missing',
      'the user may not change other users',
      'TLS is missing or not trusted',
    ],
    checks: [
      'psql "CONNECTION" -c "SELECT current_user"',
      'ls -l ~/.pgpass',
      'admin explain-error "WORDS OF THE SERVER"',
    ],
  },
  {
    id: 'admin-output-unavailable',
    codes: ['UNAVAILABLE_FILE', 'UNAVAILABLE_OUTPUT'],
    meaning: 'something could not be written to',
    causes: ['the disk is full, or can only be read', 'syslog, or the file that events go to, takes nothing'],
    checks: ['df -h /var/lib/admin', 'findmnt --target FILE', 'admin store status'],
  },
  {
    id: 'admin-name-unavailable',
    codes: ['UNAVAILABLE_DNS'],
    meaning: 'DNS did not say what a name stands for; the command may be run again',
    causes: ['the name is mistyped', 'a private name: it is known inside the VPC only', 'this host has no DNS'],
    checks: ['getent hosts HOST', 'admin rds token --hostname HOST --username DB_USER --sign-host ENDPOINT'],
  },
  {
    id: 'admin-accounts-unavailable',
    codes: ['UNAVAILABLE_ACCOUNTS'],
    meaning: 'nobody can tell which accounts this system has',
    causes: ['getent is not installed, or not in PATH', 'the directory (LDAP, AD) does not answer'],
    checks: ['command -v getent', 'getent passwd USERNAME'],
  },
  {
    id: 'admin-service-unavailable',
    codes: ['UNAVAILABLE_AWS', 'UNAVAILABLE_CLUSTER', 'UNAVAILABLE_DATABASE'],
    meaning: 'AWS or a database did not answer, or asked for a pause; the command may be run again',
    causes: [
      'no way there: security group, proxy, route',
      'too many calls at once',
      'it is paused, starting or stopped',
    ],
    checks: ['aws sts get-caller-identity', 'nc -vz -w 5 HOST PORT', 'env | grep -i _proxy= | cut -d= -f1'],
  },
  {
    id: 'admin-store-unfit',
    codes: ['INVALID_DATABASE'],
    meaning: 'what --database names is no store that can be used',
    causes: ['the URL or path is mistyped', 'it is of another program, too old, or was changed by somebody else'],
    checks: ['admin store status', 'env | grep ^ADMIN_'],
  },
  {
    id: 'admin-internal',
    codes: ['INTERNAL'],
    meaning: 'this is a bug in admin',
    causes: ['the message says what was seen, and how to report it'],
    checks: ['admin --version'],
  },
  {
    id: 'admin-found-something',
    codes: ['DIFFERENCES', 'FINDINGS'],
    meaning: 'the check was made and found something: that is its answer, no failure',
    causes: ['the answer of the command lists what was found'],
    checks: ['admin provision plan', 'admin store status', 'admin audit verify', 'admin sso check'],
  },
  {
    id: 'admin-partial',
    codes: ['PARTIAL'],
    meaning: 'some of it was done, some was not; run again, the command does what is left',
    causes: ['the answer of the command lists what failed, and why'],
    checks: ['admin explain-error "FIRST FAILURE"', 'admin audit log --limit 20'],
  },
]
