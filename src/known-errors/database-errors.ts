import type { KnownError } from './known-error.ts'

const RDS = 'Amazon RDS user guide, "IAM database authentication"'
const BUNDLE = 'curl --fail --remote-name https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'
const ENABLE = 'admin provision enable-iam-database-authentication DATABASE --dry-run'
/** The one place where RDS says why it refused. */
const AUTH_LOG =
  'aws rds modify-db-instance --db-instance-identifier DATABASE --cloudwatch-logs-export-configuration EnableLogTypes=iam-db-auth-error'
const POLICY = 'admin provision rds-connect-policy --role ROLE --db-user DB_USER --dry-run'
/** Says as whom it signs, and when the token ends. */
const TOKEN = 'admin rds token --hostname HOST --username DB_USER --json'
const CONNECT = 'admin rds connect --hostname HOST --username DB_USER'
const CONNECT_MYSQL = `${CONNECT} --engine mysql`
const CONNECT_BY_ALIAS = `${CONNECT} --resolve-cname`

/** Of PostgreSQL, MySQL and MariaDB on RDS and Aurora. */
export const databaseErrors = (): readonly KnownError[] => [
  {
    id: 'iam-connections-too-many',
    pattern: /IAM authentication failed because of too many competing requests|too many competing requests/i,
    meaning: 'more than 200 new connections with IAM authentication in a second: RDS takes no more',
    causes: [
      'a pool opens all its connections at once',
      'each connection brings a token of its own; the same one again is not counted',
    ],
    checks: [AUTH_LOG],
    source: `${RDS}; guardian/pinboard#352`,
  },
  {
    id: 'iam-login-refused',
    pattern: /PAM authentication failed(?: for user(?: "[^"\n]{1,63}")?)?/i,
    meaning:
      'the database user logs in by IAM alone (it has rds_iam), and what came as its password was no token that RDS takes',
    causes: [
      'rds-db:connect is missing for exactly this resource id and user',
      'the token is for another host, port, region or user, or for an alias of the endpoint',
      'the credentials that signed it have run out: then the token is dead before its 15 minutes',
      'IAM authentication is off at the database, or pending',
      'the password of the user was sent: with rds_iam it does not count, nor for those who inherit it',
      'the token was cut, or not percent-encoded in a URL',
    ],
    checks: [
      TOKEN,
      CONNECT,
      POLICY,
      ENABLE,
      'aws sts get-caller-identity',
      AUTH_LOG,
      "psql -c \"SELECT pg_has_role('DB_USER', 'rds_iam', 'member')\"",
    ],
    source: `${RDS}, "Troubleshooting"; aws-toolkit-jetbrains#3525, warpgate#1906, amazon-rds-user-guide#111`,
  },
  {
    id: 'postgres-without-tls',
    pattern:
      /(?:no pg_hba\.conf entry|pg_hba\.conf rejects connection)[^\n]{0,300}(?:no encryption|SSL off)|\bno encryption\b|\bSSL off\b/i,
    meaning: 'the server lets this user in over TLS only, and the connection had none',
    causes: [
      'sslmode is disable, or prefer fell back after the first try failed: then that failure counts',
      'the client has no TLS',
    ],
    checks: [
      CONNECT,
      BUNDLE,
      'psql "host=HOST user=DB_USER dbname=DATABASE sslmode=verify-full sslrootcert=global-bundle.pem"',
    ],
    source: 'PostgreSQL documentation, "The pg_hba.conf File"; TablePlus#3492',
  },
  {
    id: 'rds-iam-missing',
    pattern: /role "?rds_iam"? does not exist/i,
    meaning: 'the server has no role rds_iam: it is not PostgreSQL on RDS or Aurora, or too old for IAM authentication',
    causes: ['another server was reached than the one that was meant'],
    checks: ['psql -c "SELECT version()"', ENABLE],
    source: RDS,
  },
  {
    id: 'postgres-password-refused',
    pattern: /password authentication failed for user(?: "[^"\n]{1,63}")?/i,
    meaning:
      'PostgreSQL asked this user for a password and got another; with a token as password: the user lacks rds_iam',
    causes: [
      'the password is wrong',
      'a token was sent, and nobody granted rds_iam to the user',
      'the name differs in letter case',
    ],
    checks: [
      "psql -c \"SELECT pg_has_role('DB_USER', 'rds_iam', 'member')\"",
      'admin rds grant --engine postgres --db-user DB_USER',
    ],
    isGeneral: true,
    source: 'PostgreSQL documentation, "Password Authentication"; amazon-rds-user-guide#111',
  },
  {
    id: 'mysql-plugin-missing',
    pattern:
      /Plugin '?AWSAuthenticationPlugin'? is not loaded|\bER_PLUGIN_IS_NOT_LOADED\b|\b1524\b[^\n]{0,80}not loaded/i,
    meaning:
      'the server has no AWSAuthenticationPlugin: IAM authentication is off, or the server is not MySQL on RDS or Aurora',
    causes: [
      'IAM authentication was never switched on',
      'it waits for the next maintenance window',
      'another server was reached',
    ],
    checks: [ENABLE, 'mysql -e "SHOW PLUGINS" | grep -i aws'],
    source: `${RDS}; MySQL error reference, 1524`,
  },
  {
    id: 'mysql-cleartext-off',
    pattern:
      /mysql_clear_password|MYSQL_CLEAR_PASSWORD_NOT_ENABLED|\b(?:1251|2058)\b[^\n]{0,20}(?:HY000|08004)|does not support authentication protocol requested by server/i,
    wholeText: /^(?:ERROR[ :]{1,2})?(?:1251|2058)$/i,
    meaning: 'the client does not send a password as it is, which IAM authentication needs: inside TLS that is safe',
    causes: ['the cleartext plugin is off, as by default', 'the driver is too old to know it'],
    checks: [
      CONNECT_MYSQL,
      'mysql --enable-cleartext-plugin --ssl-mode=VERIFY_IDENTITY --ssl-ca=global-bundle.pem -h HOST -u DB_USER -p',
      'export LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN=1',
    ],
    source: 'dbgate#1544, mysqljs/mysql#1715; MySQL reference manual, "Client-Side Cleartext Pluggable Authentication"',
  },
  {
    id: 'mysql-without-tls',
    pattern: /Connections using insecure transport are prohibited|\bER_SECURE_TRANSPORT_REQUIRED\b/i,
    meaning: 'the server takes connections over TLS only',
    causes: ['the client was not told to use TLS'],
    checks: [
      CONNECT_MYSQL,
      BUNDLE,
      'mysql --ssl-mode=VERIFY_IDENTITY --ssl-ca=global-bundle.pem -h HOST -u DB_USER -p',
    ],
    source: 'MySQL error reference, 3159',
  },
  {
    id: 'mysql-login-refused',
    pattern: /Access denied for user(?: '[^'\n]{1,63}'@'[^'\n]{1,255}')?/i,
    wholeText: /^ERROR 1045(?: \(28000\))?$/i,
    meaning: 'MySQL or MariaDB did not let this user in; for one with IAM authentication it says no more than that',
    causes: [
      'rds-db:connect is missing for exactly this resource id and user',
      'the token is for another host, port, region or user, or its credentials have run out',
      'the user has a password, not AWSAuthenticationPlugin',
      'the connection has no TLS',
    ],
    checks: [
      TOKEN,
      CONNECT_MYSQL,
      POLICY,
      ENABLE,
      'mysql -e "SELECT user, host, plugin, ssl_type FROM mysql.user WHERE user = \'DB_USER\'"',
    ],
    source: `${RDS}, "Troubleshooting"; MySQL error reference, 1045`,
  },
  {
    id: 'proxy-authentication',
    pattern: /supports only IAM, MD5, or SCRAM|RDS Proxy[^\n]{0,80}IAM authentication/i,
    meaning: 'RDS Proxy does not take the kind of login that came',
    causes: [
      'the proxy wants IAM and got a password, or the other way round',
      'the policy names the database, not the proxy (prx-…)',
    ],
    checks: ["aws rds describe-db-proxies --query 'DBProxies[].[DBProxyName,Auth]'", POLICY],
    source: 'rds_iamauth_proxy#3, aws-cli#8234',
  },
  {
    id: 'certificate-name',
    pattern:
      /ERR_TLS_CERT_ALTNAME_INVALID|does not match host ?name|Hostname\/IP does not match certificate|Validation of SSL server certificate failed|(?:certificate verify failed: )?Hostname mismatch|no alternative certificate subject name matches/i,
    meaning: 'the certificate of the server is for another name than the one that was connected to',
    causes: ['an alias of the endpoint, or an address', 'a tunnel: the name is that of this host'],
    checks: [
      'dig +short CNAME HOST',
      CONNECT_BY_ALIAS,
      'openssl s_client -connect HOST:PORT -starttls postgres </dev/null',
    ],
    source:
      'Sequel-Ace#2423; libpq documentation, "SSL Support"; seen with the client of MariaDB 10.11 and Python 3.11',
  },
  {
    id: 'certificate-untrusted',
    pattern:
      /self[- ]signed certificate(?: in certificate chain)?|SELF_SIGNED_CERT_IN_CHAIN|unable to get local issuer certificate|unable to verify the first certificate|certificate verify failed|PKIX path building failed/i,
    meaning: "nobody whom the client trusts has signed the certificate; the authorities of RDS are in no system's list",
    causes: ['the bundle of RDS is not named, or old', 'a proxy with an authority of its own stands in between'],
    checks: [
      CONNECT,
      BUNDLE,
      'psql "host=HOST user=DB_USER dbname=DATABASE sslmode=verify-full sslrootcert=global-bundle.pem"',
    ],
    source: 'node-postgres#2558, rhdh#5447',
  },
]
