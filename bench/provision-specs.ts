import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const POLICIES_OF_A_ROLE = 2

/** The accounts of the large apply; the names of their profiles are their ids. */
export const ACCOUNTS: readonly string[] = ['111111111111', '222222222222']

/** A spec of so many roles in the account of whoever acts, as a file below the directory. */
export function writePlanSpec(directory: string, roles: number): string {
  return write(directory, 'plan.yaml', specOf('bench-plan', roles))
}

/** The same in two accounts. */
export function writeApplySpec(directory: string, roles: number): string {
  const accounts = ACCOUNTS.map((id) => `  "${id}": { profile: "${id}", region: us-east-1 }\n`)
  return write(directory, 'apply.yaml', `${specOf('bench-apply', roles)}accounts:\n${accounts.join('')}`)
}

/** Credentials of both accounts. */
export function writeProfiles(directory: string): string {
  const profile = (id: string) => `[${id}]\naws_access_key_id = AKIA${id}TEST\naws_secret_access_key = secret\n`
  return write(directory, 'credentials', ACCOUNTS.map(profile).join(''))
}

export function roleName(number: number): string {
  return `bench-${number}`
}

function specOf(name: string, roles: number): string {
  const list = Array.from({ length: roles }, (_, index) => roleOf(index + 1))
  return `version: 1
name: ${name}
identityProvider: { issuer: https://sso.example.com, clientIds: [workbench] }
defaults: { path: /bench/, tags: { team: data } }
roles:
${list.join('')}`
}

function roleOf(number: number): string {
  return `  ${roleName(number)}:
    description: Team ${number}
    trust: { subjects: [subject-${number}] }
    policies:
      files: { s3: { bucket: bench-projects, prefix: team-${number}, access: read-write } }
      queries: { athena: { workgroup: primary, databases: [team_${number}], results: s3://bench-results/${number} } }
`
}

function write(directory: string, name: string, text: string): string {
  const file = join(directory, name)
  writeFileSync(file, text)
  return file
}
