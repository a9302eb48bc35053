import type { KnownError } from './known-error.ts'

const CONNECT = 'admin rds connect --hostname HOST --username DB_USER'
const CONNECT_MYSQL = `${CONNECT} --engine mysql`
const ENVIRONMENT = 'admin rds token --hostname HOST --username DB_USER --format env'
const BUNDLE = 'curl --fail --remote-name https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'
const ENDPOINTS =
  'aws rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,Endpoint.Address,Endpoint.Port]"'
const OPENINGS =
  'aws rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,PubliclyAccessible,VpcSecurityGroups[].VpcSecurityGroupId]"'
const SECURITY_GROUP =
  'aws ec2 describe-security-groups --group-ids SECURITY_GROUP --query "SecurityGroups[].IpPermissions"'
const SEEN_PSQL = 'seen with psql 15'
const SEEN_MARIADB = 'seen with the client of MariaDB 10.11'

/** What clients say before a server of PostgreSQL, MySQL or Redshift has looked at who asks, and about an empty hand. */
export const connectionErrors = (): readonly KnownError[] => [
  {
    id: 'certificate-file-missing',
    pattern:
      /(?:could not read )?root certificate file(?: "[^"\n]{1,255}")?(?: does not exist|: )|TLS\/SSL error: No such file or directory|SSL_CTX_set_default_verify_paths failed/i,
    meaning: 'the client is to check the certificate of the server, and has no file of the authorities that it trusts',
    causes: [
      'the bundle of RDS was never fetched: libpq looks for ~/.postgresql/root.crt where nothing else is named',
      'the path of sslrootcert or ssl-ca is mistyped, or that of another host',
      'HOME differs, as under sudo or in a service',
    ],
    checks: [CONNECT, ENVIRONMENT, BUNDLE],
    source: `libpq documentation, "SSL Support"; ${SEEN_PSQL}, ${SEEN_MARIADB}`,
  },
  {
    id: 'server-without-tls',
    pattern:
      /server does not support SSL(?:, but SSL was required| connections)?|SSL is required, but the server does not/i,
    meaning: 'the client wants TLS and the server has none: RDS and Redshift have it always',
    causes: ['another server was reached, often one on this host', 'a tunnel or pooler stands in between'],
    checks: ['getent hosts HOST', ENDPOINTS],
    source: `libpq documentation, "SSL Support"; ${SEEN_PSQL}, ${SEEN_MARIADB}`,
  },
  {
    id: 'password-not-sent',
    pattern: /fe_sendauth: no password supplied/i,
    meaning: 'the server asked for a password or token, and the client sent none',
    causes: [
      'PGPASSWORD is empty or not exported: the command that was to make the token failed',
      'the client does not read ~/.pgpass: it is open to others, or its line is for another host, port or user',
    ],
    checks: [CONNECT, ENVIRONMENT, 'ls -l ~/.pgpass'],
    source: `libpq documentation, "The Password File"; ${SEEN_PSQL}`,
  },
  {
    id: 'mysql-password-not-sent',
    pattern: /Access denied for user(?: '[^'\n]{1,63}'@'[^'\n]{1,255}')? \(using password: NO\)/i,
    meaning: 'MySQL or MariaDB let this user in only with a password or token, and the client sent none',
    causes: [
      'mysql was started without -p or MYSQL_PWD',
      'MYSQL_PWD is empty or not exported: the command that was to make the token failed',
    ],
    checks: [
      CONNECT_MYSQL,
      `${ENVIRONMENT} --engine mysql`,
      'mysql --enable-cleartext-plugin --ssl-mode=VERIFY_IDENTITY --ssl-ca=global-bundle.pem -h HOST -u DB_USER -p',
    ],
    source: `MySQL error reference, 1045; ${SEEN_MARIADB}`,
  },
  {
    id: 'mysql-database-denied',
    pattern: /Access denied for user(?: '[^'\n]{1,63}'@'[^'\n]{1,255}')? to database(?: '[^'\n]{1,64}')?/i,
    meaning: 'the login succeeded; the user has no right in that database, or there is none of that name',
    causes: ['nobody has granted the user anything there', 'the name of the database is mistyped'],
    checks: ["mysql -e 'SHOW GRANTS'", "mysql -e 'SHOW DATABASES'"],
    source: `MySQL error reference, 1044; ${SEEN_MARIADB}`,
  },
  {
    id: 'no-local-server',
    pattern:
      /connection to server on socket(?: "[^"\n]{1,255}")?|Can't connect to local (?:MySQL )?server through socket|No such file or directory[^\n]{0,20}\/\.s\.PGSQL\.\d{1,5}/i,
    meaning: 'the client was given no host, and looked for a server on this one',
    causes: [
      'PGHOST or -h is missing: the settings were not exported, or sudo dropped them',
      'the local server is down',
    ],
    checks: [CONNECT, ENVIRONMENT, "env | grep -E '^PG(HOST|PORT|USER|DATABASE)='"],
    source: `${SEEN_PSQL}, ${SEEN_MARIADB}`,
  },
  {
    id: 'host-unknown',
    pattern:
      /could not translate host name(?: "[^"\n]{1,255}")?(?: to address)?|Unknown (?:MySQL )?server host(?: '[^'\n]{1,255}')?|Could not resolve host(?:: [\w.-]{1,253})?|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)(?: [\w.-]{1,253})?|Name or service not known|Temporary failure in name resolution/i,
    wholeText: /^ERROR 2005$/i,
    meaning: 'the name of the host has no address here',
    causes: [
      'the endpoint is mistyped, or was cut: it ends in .rds.amazonaws.com or .redshift.amazonaws.com',
      'the identifier of the database was given, not its endpoint',
      'the database was deleted, or is not made yet',
      'a private name: it is known inside the VPC only',
      'no name has one: this host reaches the Internet through a proxy, or has no DNS',
    ],
    checks: ['getent hosts HOST', ENDPOINTS, 'aws redshift describe-clusters --query "Clusters[].Endpoint.Address"'],
    isGeneral: true,
    source: `${SEEN_PSQL}, ${SEEN_MARIADB}, curl 7.88, node-postgres 8`,
  },
  {
    id: 'connection-timed-out',
    pattern:
      /(?:Connection|Operation) timed out|\btimeout expired\b|connect ETIMEDOUT|Can't connect to (?:MySQL )?server on '[^'\n]{1,255}' \((?:110|60|10060)\)|Lost connection to (?:MySQL )?server at '[^'\n]{1,80}', system error: 110/i,
    meaning:
      'nothing answered: on the way to the server the packets are dropped, which says nothing of user or password',
    causes: [
      'no rule of the security group of the database lets this host in at this port',
      'the database is in private subnets, and this host is outside of the VPC and has no tunnel or VPN',
      'a network ACL, a route or a firewall of your own stands in between',
    ],
    checks: ['nc -vz -w 5 HOST PORT', OPENINGS, SECURITY_GROUP, CONNECT],
    isGeneral: true,
    source: `Amazon RDS user guide, "Can't connect to Amazon RDS DB instance"; getredash/redash#1023; ${SEEN_PSQL}, ${SEEN_MARIADB}`,
  },
  {
    id: 'connection-refused',
    pattern:
      /Connection refused|\bECONNREFUSED\b|Can't connect to (?:MySQL )?server on '[^'\n]{1,255}' \((?:111|61|10061)\)|Couldn't connect to server/i,
    meaning: 'a host answered that nobody listens at this port',
    causes: [
      'the port is another: 5432 PostgreSQL, 3306 MySQL and MariaDB, 5439 Redshift',
      'the address is of this host, where no tunnel or server runs',
      'the database is stopped, or restarting',
    ],
    checks: ['getent hosts HOST', ENDPOINTS, 'aws rds describe-db-instances --query "DBInstances[].DBInstanceStatus"'],
    isGeneral: true,
    source: `${SEEN_PSQL}, curl 7.88, node-postgres 8`,
  },
  {
    id: 'server-unreachable',
    pattern:
      /Can't connect to (?:MySQL )?server(?: on '[^'\n]{1,255}'(?: \(\d{1,5}\))?)?|No route to host|Network is unreachable/i,
    wholeText: /^ERROR 200[23](?: \(HY000\))?$/i,
    meaning: 'no connection to the server came about, which says nothing of user or password',
    causes: [
      'host or port are not those of the database',
      'no rule of the security group of the database lets this host in at this port',
      'the database is in private subnets, and this host is outside of the VPC',
    ],
    checks: ['nc -vz -w 5 HOST PORT', ENDPOINTS, OPENINGS, SECURITY_GROUP],
    isGeneral: true,
    source: `MySQL error reference, 2002 and 2003; ${SEEN_MARIADB}`,
  },
  {
    id: 'mysql-tls-failed',
    pattern: /\bERROR 2026\b(?: \(HY000\))?|TLS\/SSL error|SSL connection error/i,
    meaning: 'the client and the server did not agree on TLS, or the client did not trust the certificate',
    causes: [
      'the bundle of RDS is not named, or old',
      'the name that was connected to is not that of the certificate',
      'the client is too old for the versions of TLS that the server takes',
    ],
    checks: [CONNECT_MYSQL, BUNDLE, 'openssl s_client -connect HOST:PORT -starttls mysql </dev/null'],
    isGeneral: true,
    source: `MySQL error reference, 2026; ${SEEN_MARIADB}`,
  },
  {
    id: 'postgres-role-missing',
    pattern: /role "[^"\n]{1,63}" (?:does not exist|is not permitted to log in)/i,
    meaning: 'PostgreSQL has no such role, or one that may not log in',
    causes: [
      'nobody has made the user of the database: a policy of IAM makes none',
      'the name differs in letter case, or is that of the account on this host: psql takes it where none is given',
      'another server was reached',
    ],
    checks: ['admin rds grant --engine postgres --db-user DB_USER', "psql -c '\\du'"],
    isGeneral: true,
    source: `PostgreSQL documentation, "Database Roles"; ${SEEN_PSQL}`,
  },
  {
    id: 'database-missing',
    pattern: /database "[^"\n]{1,63}" does not exist/i,
    meaning: 'the login succeeded; the server has no database of that name',
    causes: [
      'no name was given: psql then takes that of the user',
      'the identifier of the instance or cluster was given: that is not the name of a database in it',
      'the name differs in letter case',
    ],
    checks: [`${CONNECT} --dbname postgres`, "psql --dbname postgres -c '\\l'"],
    isGeneral: true,
    source: `PostgreSQL documentation, "Managing Databases"; ${SEEN_PSQL}`,
  },
  {
    id: 'mysql-database-missing',
    pattern: /Unknown database(?: '[^'\n]{1,64}')?/i,
    meaning: 'the login succeeded; the server has no database of that name',
    causes: [
      'the name is mistyped, or differs in letter case, which counts on most servers',
      'the identifier of the instance or cluster was given: that is not the name of a database in it',
    ],
    checks: ["mysql -e 'SHOW DATABASES'", CONNECT_MYSQL],
    isGeneral: true,
    source: `MySQL error reference, 1049; ${SEEN_MARIADB}`,
  },
]
