import { describe, expect, test } from '@jest/globals'
import { readSpec } from '../../../../src/provisioning/spec/read-spec.ts'
import { temporaryDirectory } from '../../../support/admin.ts'
import { exampleSpec, specFile } from '../../../support/spec-file.ts'

const base = temporaryDirectory()

const sixThumbprints = [...'012345'].map((digit) => `"${digit.repeat(40)}"`).join(', ')
const manyTags = Array.from({ length: 48 }, (_, index) => `t${index}: x`).join(', ')

/** What is wrong | the part of the example that is replaced | by what | the line and key that are named | words of the reason. */
const head: readonly string[] = [
  'no version | version: 1 |  | 2: version |  is missing',
  'a version in quotes | version: 1 | version: "1" | 1: version |  must be 1, the only version that there is, not the text "1"',
  'another version | version: 1 | version: 3 | 1: version | not the number 3',
  'no name | name: workbench-prod |  | 1: name |  is missing',
  'a name of its own meaning | workbench-prod | command-line | 2: name | what single commands provision',
  `a long name | workbench-prod | ${'x'.repeat(65)} | 2: name | it has 65 characters`,
  'an unknown section | \ndatabases: | \ndatabase: | 23: database |  is not a known key',
  'an unknown key | trust: | turst: | 15: roles.data-scientist.turst |  is not a known key',
  'an empty section | defaults: { | defaults:\nx: { | 9: defaults |  must be a mapping, not empty',
  'no issuer | issuer: https://sso.example.com |  | 3: identityProvider.issuer |  is missing',
  'an issuer without https | https://sso.example.com | http://sso.example.com | 4: identityProvider.issuer | it must begin with https://',
  `an issuer that is a variable | https://sso.example.com | https://\${TENANT}.example.com | 4: identityProvider.issuer | it contains a placeholder`,
  'an issuer for all tenants | https://sso.example.com | https://login.microsoftonline.com/common/v2.0 | 4: identityProvider.issuer | use your tenant id',
  'no client id | [workbench] | [] | 5: identityProvider.clientIds |  must not be empty',
  'a client id that is a number | [workbench] | [12] | 5: identityProvider.clientIds.0 |  must be a text in quotes, not the number 12',
  'a client id twice | [workbench] | [w, w] | 5: identityProvider.clientIds.1 |  is there twice',
  `a thumbprint with colons | [workbench] | [w]\n  thumbprints: ["${'AB:'.repeat(19)}AB"] | 6: identityProvider.thumbprints.0 | write it without colons`,
  `six thumbprints | [workbench] | [w]\n  thumbprints: [${sixThumbprints}] | 6: identityProvider.thumbprints |  has 6 elements, IAM allows 5`,
  `thumbprints of an issuer that AWS knows | https://sso.example.com | https://accounts.google.com\n  thumbprints: ["${'a'.repeat(40)}"] | 5: identityProvider.thumbprints | AWS knows that issuer by itself`,
  'no provider for the roles | identityProvider: | provider: | 1: identityProvider |  is missing, and there are roles',
]

const accounts: readonly string[] = [
  'eleven digits | "210987654321": { | "21098765432": { | 8: accounts.21098765432 | it has 11 digits, expected 12',
  'hyphens in an account id | "210987654321": { | "2109-8765-4321": { | 8: accounts.2109-8765-4321 | without hyphens',
  'a role of another account | iam::210987654321:role | iam::123456789012:role | 8: accounts.210987654321.assumeRole | is in account 123456789012, expected 210987654321',
  'a role that is a session | iam::210987654321:role/provisioner | sts::210987654321:assumed-role/x/y | 8: accounts.210987654321.assumeRole | is not an IAM role; that is a session',
  'an external id alone | profile: prod, | externalId: abc, | 7: accounts.123456789012.externalId |  has no place without assumeRole',
  'an external id with a space | role/provisioner", | role/provisioner", externalId: "a b", | 8: accounts.210987654321.externalId | is not an external id',
  'a zone for a region | prod, region: us-east-2 | prod, region: us-east-2a | 7: accounts.123456789012.region | an availability zone of us-east-2',
  'a region of another partition | provisioner", region: us-east-2 | provisioner", region: cn-north-1 | 8: accounts.210987654321.region | is in partition aws-cn, assumeRole in aws',
  'a profile with its word | profile: prod | profile: profile prod | 7: accounts.123456789012.profile | without the word "profile"',
  'an account without quotes | accounts: ["123456789012"] | accounts: [023456789012] | 12: roles.data-scientist.accounts.0 |  must be a text in quotes, not the number 23456789012',
  'an account that is not listed | accounts: ["123456789012"] | accounts: ["111111111111"] | 12: roles.data-scientist.accounts.0 | account 111111111111 is not under accounts:',
  'a role in no account | accounts: ["123456789012"] | accounts: [] | 12: roles.data-scientist.accounts |  must not be empty',
  'a database in an unlisted account | demo-cluster-db: { account: "123456789012" | demo-cluster-db: { account: "111111111111" | 24: databases.demo-cluster-db.account | is not under accounts:',
  'a database in no account of two | demo-cluster-db: { account: "123456789012", | demo-cluster-db: { | 24: databases.demo-cluster-db.account |  is missing, and the spec has several accounts',
  'a profile in no account of two | connect-server: { account: "123456789012", | connect-server: { | 26: instanceProfiles.connect-server.account |  is missing, and the spec has several',
]

const roles: readonly string[] = [
  'a role name with a slash |   data-scientist: |   team/analyst: | 11: roles.team/analyst | it contains a slash',
  'a reserved role name |   data-scientist: |   AWSReservedSSO_x: | 11: roles.AWSReservedSSO_x | belongs to IAM Identity Center',
  'one name for two roles of an account | connect-server: | Data-Scientist: | 26: instanceProfiles.Data-Scientist | roles.data-scientist has the same name in the same account',
  'a path without slashes | path: /workbench/ | path: workbench | 9: defaults.path | it must begin and end with a slash',
  'a dash that IAM does not know | Data scientists | Data – scientists | 13: roles.data-scientist.description | IAM allows Latin-1 characters only',
  `a long description | Data scientists | ${'x'.repeat(1001)} | 13: roles.data-scientist.description | the description has 1001 characters`,
  'a duration in seconds | 4h | 14400 | 14: roles.data-scientist.maxSessionDuration |  must be hours or minutes, as 4h or 90m, not the number 14400',
  'a short duration | 4h | 30m | 14: roles.data-scientist.maxSessionDuration | expected 1h to 12h',
  'no trust | trust: { subjects: any } |  | 11: roles.data-scientist.trust |  is missing: say who may assume the role',
  'no subjects | { subjects: any } | {} | 15: roles.data-scientist.trust.subjects |  is missing',
  'a subject alone | subjects: any | subjects: alice | 15: roles.data-scientist.trust.subjects |  must be any, assigned or a list of subjects, not the text "alice"',
  'an empty list of subjects | subjects: any | subjects: [] | 15: roles.data-scientist.trust.subjects |  must not be empty',
  'a subject with a wildcard | subjects: any | subjects: ["a*"] | 15: roles.data-scientist.trust.subjects.0 | it has a wildcard',
  `a subject with a variable | subjects: any | subjects: ["\${aws:userid}"] | 15: roles.data-scientist.trust.subjects.0 | a policy variable`,
  'a policy with an unknown path | [AmazonAthenaFullAccess] | [service/AmazonAthenaFullAccess] | 16: roles.data-scientist.managedPolicies.0 | service-role/NAME',
  'a policy ARN of a role | [AmazonAthenaFullAccess] | ["arn:aws:iam::aws:role/x"] | 16: roles.data-scientist.managedPolicies.0 | expected arn:PARTITION:iam::ACCOUNT:policy/',
  'a policy of another account | [AmazonAthenaFullAccess] | ["arn:aws:iam::210987654321:policy/x"] | 16: roles.data-scientist.managedPolicies | is of account 210987654321, and the role is made in 123456789012',
  'a policy of another partition | [AmazonAthenaFullAccess] | ["arn:aws-cn:iam::aws:policy/x"] | 16: roles.data-scientist.managedPolicies | is of partition aws-cn, and account 123456789012 is in aws',
  'a boundary of another account | permissionsBoundary: null | permissionsBoundary: "arn:aws:iam::111111111111:policy/x" | 11: roles.data-scientist.permissionsBoundary | is of account 111111111111',
  'a tag of ours | team: data | Managed-By: me | 9: defaults.tags.Managed-By |  is a tag of ours',
  'a tag of AWS | team: data | aws:team: data | 9: defaults.tags.aws:team | belong to AWS',
  'a tag twice | team: data | team: data, Team: x | 9: defaults.tags.Team |  is there twice',
  'a tag that is a number | team: data | team: 7 | 9: defaults.tags.team |  must be a text in quotes, not the number 7',
  'a tag with a strange value | team: data | team: "a;b" | 9: defaults.tags.team | is not the value of a tag',
  `too many tags | managedPolicies: [ | tags: { ${manyTags} }\n    managedPolicies: [ | 16: roles.data-scientist.tags |  come to 49 with the defaults; 48 have room beside ours`,
  'an instance that is none | i-0123456789abcdef0 | vm-1 | 26: instanceProfiles.connect-server.instances.0 | is not the id of an EC2 instance',
  'an instance with two profiles | policies: {} } | policies: {} }\n  other: { account: "123456789012", instances: [i-0123456789abcdef0] } | 27: instanceProfiles.other.instances | has the profile connect-server too',
  'a database that is an ARN |   demo-cluster-db: |   "arn:aws:rds:us-east-2:123456789012:db:x": | 24: databases.arn:aws:rds:us-east-2:123456789012:db:x | is not the identifier of a database',
  'a database in upper case | \n  demo-cluster-db: | \n  Demo: | 24: databases.Demo | RDS keeps identifiers in lower case: write "demo"',
  'a switch that is a text | iamAuthentication: true | iamAuthentication: yes | 24: databases.demo-cluster-db.iamAuthentication |  must be true or false, not the text "yes"',
]

const policies: readonly string[] = [
  'a policy name with a space | warehouse: | "ware house": | 18: roles.data-scientist.policies.ware house | is not a policy name',
  'no kind of policy | { document: ./custom-policy.json } | {} | 22: roles.data-scientist.policies.custom |  must have exactly one of rdsConnect, s3, redshift, athena, document, not none',
  'two kinds of policy | { document: | { s3: { bucket: abc }, document: | 22: roles.data-scientist.policies.custom | not s3 and document',
  'a cluster and a workgroup | cluster: demo-cluster, | cluster: c, workgroup: www, | 18: roles.data-scientist.policies.warehouse.redshift |  must have exactly one of cluster and workgroup',
  'users of a workgroup | cluster: demo-cluster, | workgroup: www, | 18: roles.data-scientist.policies.warehouse.redshift.users |  has no place beside workgroup',
  'a wildcard for a Redshift user | users: [analyst], databases | users: ["*"], databases | 18: roles.data-scientist.policies.warehouse.redshift.users.0 | it has a wildcard; name each',
  'everybody as a Redshift user | users: [analyst], databases | users: [public], databases | 18: roles.data-scientist.policies.warehouse.redshift.users.0 | PUBLIC is reserved',
  'no Redshift database | databases: [demo_db] | databases: [] | 18: roles.data-scientist.policies.warehouse.redshift.databases |  must not be empty',
  'a group in upper case | databases: [demo_db] | databases: [d], groups: [Readers] | 18: roles.data-scientist.policies.warehouse.redshift.groups.0 | in lower case only',
  'a database by an IP address | database: demo-cluster-db | database: 10.0.0.1 | 19: roles.data-scientist.policies.postgres.rdsConnect.database | it is an IP address',
  'a database of another account | demo-cluster-db: { account: "123456789012" | demo-cluster-db: { account: "210987654321" | 19: roles.data-scientist.policies.postgres.rdsConnect.database | is in account 210987654321, and the role is not made there: IAM database authentication does not cross accounts',
  'a database ARN of another account | database: demo-cluster-db | database: "arn:aws:rds:us-east-2:210987654321:cluster:x" | 19: roles.data-scientist.policies.postgres.rdsConnect.database | does not cross accounts',
  'no database user | demo-cluster-db, users: [analyst] | demo-cluster-db | 19: roles.data-scientist.policies.postgres.rdsConnect.users |  is missing',
  `a database user with a variable | demo-cluster-db, users: [analyst] | demo-cluster-db, users: ["\${aws:username}"] | 19: roles.data-scientist.policies.postgres.rdsConnect.users.0 | a policy variable`,
  'a bucket in upper case | bucket: demo-projects | bucket: Demo | 20: roles.data-scientist.policies.files.s3.bucket | expected lower-case letters',
  `a bucket that is an ARN | bucket: demo-projects | bucket: "arn:aws:s3:::demo" | 20: roles.data-scientist.policies.files.s3.bucket | expected the bucket's name alone`,
  'a prefix with a wildcard | prefix: team-a | prefix: team-* | 20: roles.data-scientist.policies.files.s3.prefix | it has a wildcard',
  `a prefix with a variable | prefix: team-a | prefix: "home/\${aws:userid}" | 20: roles.data-scientist.policies.files.s3.prefix | a policy variable`,
  'a prefix that begins with a slash | prefix: team-a | prefix: /team-a | 20: roles.data-scientist.policies.files.s3.prefix | an empty part beside a slash',
  'another access | access: read-write | access: write | 20: roles.data-scientist.policies.files.s3.access |  must be read or read-write, not the text "write"',
  'results that are no place | s3://demo-results/athena | demo-results | 21: roles.data-scientist.policies.queries.athena.results | expected s3://BUCKET[/PREFIX]',
  'an Athena database in upper case | databases: [sales] | databases: [Sales] | 21: roles.data-scientist.policies.queries.athena.databases.0 | lower-case letters',
  'a workgroup with a space | workgroup: primary | workgroup: "a b" | 21: roles.data-scientist.policies.queries.athena.workgroup | is not an Athena workgroup',
  'a document without a name | ./custom-policy.json | "" | 22: roles.data-scientist.policies.custom.document |  must be the name of a file',
  'a document that no file system knows | ./custom-policy.json | "a\\0" | 22: roles.data-scientist.policies.custom.document |  must be the name of a file',
]

describe('a spec is refused, with line, key and reason, for', () => {
  test.each([...head, ...accounts, ...roles, ...policies].map((edit) => edit.split(' | ')))(
    '%s',
    async (_, from = '', to = '', place = '', says = '') => {
      const text = exampleSpec.replace(from, () => to)
      expect(text).not.toBe(exampleSpec)
      const file = specFile(base, text)
      const error = await readSpec(file).catch((failure) => failure)
      expect(error).toMatchObject({ code: 'INVALID_SPEC' })
      const problems: readonly string[] = error.details.problems
      const there = problems.filter((problem) => /^[: ]/.test(problem.replace(`${file}:${place}`, '')))
      expect(there.length > 0 ? there.join('\n') : problems).toContain(says)
    },
  )
})
