import type { KnownError } from './known-error.ts'

const CONNECT = 'admin rds connect --hostname HOST --username DB_USER'
const CONNECT_MYSQL = `${CONNECT} --engine mysql`
const SETTINGS_PSQL = 'admin rds token --hostname HOST --username DB_USER --format env'

/** What psql and mysql say of their own options, and servers of who may come in and what they may do there. */
export const clientErrors = (): readonly KnownError[] => [
  {
    id: 'mysql-client-is-mariadb',
    pattern: /unknown (?:variable|option) '(?:--)?ssl-mode(?:=\w{1,20})?'/i,
    meaning: 'this mysql is the client of MariaDB, which has no ssl-mode: it checks certificates by other options',
    causes: [
      'the distribution installs the client of MariaDB as mysql (Debian: default-mysql-client)',
      'ssl-mode stands in ~/.my.cnf, which both clients read',
    ],
    checks: [
      CONNECT_MYSQL,
      'mysql --version',
      'mysql --ssl --ssl-ca=global-bundle.pem --ssl-verify-server-cert -h HOST -u DB_USER -p',
    ],
    source: 'MariaDB documentation, "mariadb command-line client"; seen with the client of MariaDB 10.11',
  },
  {
    id: 'sslmode-invalid',
    pattern: /invalid sslmode value(?:: "[^"\n]{1,40}")?/i,
    meaning: 'libpq has no such sslmode; it has disable, allow, prefer, require, verify-ca and verify-full',
    causes: [
      'the value is that of another driver: VERIFY_IDENTITY of MySQL is verify-full here',
      'it is mistyped: an underscore, a capital, a quotation mark that belongs to the shell',
    ],
    checks: [CONNECT, SETTINGS_PSQL, "env | grep '^PGSSLMODE='"],
    source: 'libpq documentation, "SSL Support"',
  },
  {
    id: 'rds-iam-not-yours-to-grant',
    pattern:
      /must have admin option on role "?rds_iam"?|permission denied to grant role "?rds_iam"?|Only roles with the ADMIN option on role "?rds_iam"?/i,
    meaning: 'whoever is connected may not grant rds_iam: on RDS the master user may, and who has rds_superuser',
    causes: [
      'the connection is not that of the master user',
      'another server was reached, where rds_iam was made by hand',
    ],
    checks: [
      'psql -c "SELECT current_user"',
      'aws rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,MasterUsername]"',
      'admin rds grant --engine postgres --db-user DB_USER --execute --connection URL',
    ],
    source: 'PostgreSQL documentation, "GRANT"; Amazon RDS user guide, "IAM database authentication"',
  },
  {
    id: 'too-many-connections',
    pattern: /Too many connections|too many clients already|remaining connection slots are reserved/i,
    meaning: 'the server has as many connections as it takes (max_connections), which says nothing of user or password',
    causes: [
      'pools of many programs or sessions keep connections that they do not use',
      'the instance is small: max_connections follows its memory',
    ],
    checks: [
      'psql -c "SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2 ORDER BY 3 DESC"',
      "mysql -e 'SHOW PROCESSLIST'",
    ],
    source: 'MySQL error reference, 1040; PostgreSQL documentation, "Connections and Authentication"',
  },
  {
    id: 'mysql-host-blocked',
    pattern: /Host '[^'\n]{1,255}' is blocked(?: because of many connection errors)?/i,
    meaning: 'MySQL takes no connections of this host any more: too many of them broke off before the login',
    causes: [
      'a health check or a scanner connects, and says nothing',
      'connections break on their way: TLS, a proxy, the network',
    ],
    checks: ['mysqladmin -h HOST -u MASTER_USER -p flush-hosts', 'mysql -e "SELECT @@max_connect_errors"'],
    source: 'MySQL reference manual, "Host \'host_name\' is blocked"',
  },
  {
    id: 'mysql-handshake-lost',
    pattern:
      /Lost connection to (?:MySQL )?server at '(?:handshake: )?reading (?:initial communication|authorization) packet'(?!, system error: 110\b)/i,
    meaning:
      'something took the connection and closed it before the server of MySQL had spoken, or was done with the login',
    causes: [
      'a tunnel, proxy or load balancer takes connections, and reaches no server behind it',
      'the server has no room, is starting, or was reached at a port that is not its own',
      'the network is slow: connect_timeout of the server passed',
    ],
    checks: [
      'nc -vz -w 5 HOST PORT',
      CONNECT_MYSQL,
      'aws rds describe-db-instances --query "DBInstances[].DBInstanceStatus"',
    ],
    source: 'MySQL reference manual, "Lost connection to MySQL server"',
  },
  {
    id: 'postgres-connection-closed',
    pattern: /server closed the connection unexpectedly|SSL connection has been closed unexpectedly/i,
    meaning: 'the connection was there, and something ended it without a word',
    causes: [
      'a firewall, NAT or load balancer ends connections that rest for minutes',
      'the server was restarted, failed over or ran out of memory',
      'at the beginning: what listens there is no PostgreSQL, or a tunnel to nowhere',
    ],
    checks: [
      'aws rds describe-events --source-type db-instance --duration 60',
      'nc -vz -w 5 HOST PORT',
      'psql "host=HOST user=DB_USER dbname=DATABASE keepalives_idle=60"',
    ],
    isGeneral: true,
    source: 'libpq documentation, "Database Connection Control Functions"',
  },
  {
    id: 'postgres-permission-denied',
    pattern: /permission denied for (?:table|schema|database|relation|sequence|view|function) "?[\w.$-]{1,63}"?/i,
    meaning: 'the login succeeded; the user of the database has no right to this, and IAM grants none of these',
    causes: [
      'nobody has granted the user anything there: a table takes a right in its schema (USAGE) too',
      'the tables came after the GRANT: ALTER DEFAULT PRIVILEGES is for such',
      'somebody else is logged in than you think',
    ],
    checks: ['psql -c "SELECT current_user"', "psql -c '\\dn+'", "psql -c '\\dp TABLE'"],
    isGeneral: true,
    source: 'PostgreSQL documentation, "Privileges"',
  },
]
