import type { KnownError } from './known-error.ts'

const CREDENTIALS = 'admin redshift credentials --cluster CLUSTER --db-name DATABASE'

/** Of Redshift and what connects to it. */
export const redshiftErrors = (): readonly KnownError[] => [
  {
    id: 'redshift-user-case',
    pattern: /DbUser parameter must be lower ?case/i,
    meaning: 'the name of a database user of Redshift is written in lower case',
    causes: ['the name came from a directory that keeps capitals'],
    checks: ['admin redshift credentials --cluster CLUSTER --db-name DATABASE --db-user db_user'],
    source: 'redshift-python-driver#49',
  },
  {
    id: 'redshift-login-refused',
    pattern:
      /IAM authentication failed for user(?: "?IAM[AR]?:[^"\n]{0,128}"?)?|password authentication failed for user "IAM[AR]?:[^"\n]{1,128}"/i,
    meaning: 'Redshift does not take this temporary password',
    causes: [
      'it was cut: the ODBC driver takes connection strings of at most 1,024 characters',
      'it has run out',
      'the user name is not the one that came with it, IAM: or IAMA: included',
      'without auto-create there is no such user: asking for credentials succeeds nevertheless',
    ],
    checks: [
      CREDENTIALS,
      'psql -c "SELECT usename FROM pg_user"',
      'aws redshift describe-clusters --query "Clusters[].ClusterIdentifier"',
    ],
    source: 'amazon-redshift-odbc-driver#46; Amazon Redshift API reference, GetClusterCredentials',
  },
  {
    id: 'redshift-cluster-missing',
    pattern: /ClusterNotFound(?:Fault)?\b|Cluster \S{1,64} not found/,
    meaning: 'there is no such cluster in this account and region',
    causes: [
      'the name is mistyped, or differs in letter case',
      'it is in another region or account',
      'it is a workgroup of Redshift Serverless',
    ],
    checks: [
      'aws redshift describe-clusters --query "Clusters[].ClusterIdentifier"',
      'aws redshift-serverless list-workgroups --query "workgroups[].workgroupName"',
      'aws sts get-caller-identity',
    ],
    source: 'terraform-provider-redshift#58',
  },
  {
    id: 'redshift-denied',
    pattern:
      /not authorized to perform: {0,3}redshift(?:-serverless)?:(?:GetClusterCredentials(?:WithIAM)?|GetCredentials|JoinGroup|CreateClusterUser)/i,
    meaning: 'credentials for Redshift need up to three rights: on the dbuser, on the dbname, and on each dbgroup',
    causes: [
      'the policy lists the dbuser and not the dbname',
      'groups need redshift:JoinGroup, auto-create needs redshift:CreateClusterUser',
      'Serverless: the resource is the id of the workgroup, not its name',
    ],
    checks: [CREDENTIALS, 'aws sts get-caller-identity', 'admin provision plan'],
    source: 'redshift-python-driver#145; Service authorization reference, Amazon Redshift',
  },
]
