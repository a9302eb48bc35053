import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AwsEmulator, awsEnvironment } from './aws-emulator.ts'

export const production = '123456789012'
/** The higher number stands first in specs: the order is that of the spec. */
export const research = '210987654321'
/** Of the ambient credentials: no account of any spec. */
export const home = '333344445555'

const researchRole = `arn:aws:iam::${research}:role/admin/provisioner`

/** One account by a role that is assumed, the other by a profile; each in a region of its own. */
export const twoAccounts = `accounts:
  "${research}": { assumeRole: "${researchRole}", externalId: e-1/2, region: eu-west-1 }
  "${production}": { profile: prod, region: us-east-2 }
`

export const twoAccountsSpec = `version: 1
name: workbench
identityProvider: { issuer: "https://sso.example.com", clientIds: [workbench] }
${twoAccounts}roles:
  analyst: { trust: { subjects: [alice] } }
  scientist: { trust: { subjects: [alice] }, accounts: ["${production}"] }
`

/** The ambient credentials, and the profile `prod` in a file: with keys of that account. */
export function withProfile(aws: AwsEmulator, directory: string, account = production): Record<string, string> {
  const own = mkdtempSync(join(directory, 'aws-'))
  const [config, credentials] = [join(own, 'config'), join(own, 'credentials')]
  writeFileSync(config, '[profile prod]\nregion = ap-south-1\n')
  writeFileSync(credentials, `[prod]\naws_access_key_id = AKIA${account}TEST\naws_secret_access_key = secret\n`)
  return { ...awsEnvironment(aws, home), AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials }
}
