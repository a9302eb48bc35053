import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every section and every kind of policy, as `admin` documents them. */
export const exampleSpec = `version: 1
name: workbench-prod                # ownership tag value
identityProvider:
  issuer: https://sso.example.com   # byte for byte the token's iss
  clientIds: [workbench]            # thumbprints: omitted unless you must
accounts:                           # default: the caller's own account
  "123456789012": { profile: prod, region: us-east-2 }
  "210987654321": { assumeRole: "arn:aws:iam::210987654321:role/provisioner", region: us-east-2 }
defaults: { path: /workbench/, permissionsBoundary: null, tags: { team: data } }
roles:
  data-scientist:
    accounts: ["123456789012"]      # default: all
    description: Data scientists
    maxSessionDuration: 4h
    trust: { subjects: any }        # any | assigned | [list of sub]
    managedPolicies: [AmazonAthenaFullAccess]
    policies:                       # inline policies, by name
      warehouse: { redshift: { cluster: demo-cluster, users: [analyst], databases: [demo_db] } }
      postgres:  { rdsConnect: { database: demo-cluster-db, users: [analyst] } }
      files:     { s3: { bucket: demo-projects, prefix: team-a, access: read-write } }
      queries:   { athena: { workgroup: primary, databases: [sales], results: s3://demo-results/athena } }
      custom:    { document: ./custom-policy.json }
databases:
  demo-cluster-db: { account: "123456789012", kind: cluster, iamAuthentication: true, applyImmediately: true }
instanceProfiles:
  connect-server: { account: "123456789012", instances: [i-0123456789abcdef0], policies: {} }
`

export const customPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
}

/** Writes a spec into a directory of its own under `base`, with the policy document that the example names. */
export function specFile(base: string, text: string, document = JSON.stringify(customPolicy)): string {
  const directory = mkdtempSync(join(base, 'spec-'))
  writeFileSync(join(directory, 'custom-policy.json'), document)
  const file = join(directory, 'provision.yaml')
  writeFileSync(file, text)
  return file
}
