import type { AccountId } from '../../iam/account-id.ts'
import type { ClientId } from '../../iam/client-id.ts'
import type { Issuer } from '../../iam/issuer.ts'
import type { Region } from '../../iam/region.ts'
import type { RoleName } from '../../iam/role-name.ts'

/** What a first spec must be told. */
export interface StarterSettings {
  readonly name: string
  readonly issuer: Issuer
  readonly clientId: ClientId
  /** `null`: that of the credentials. */
  readonly account: AccountId | null
  readonly profile: string | null
  readonly region: Region | null
  readonly role: RoleName
}

/**
 * A first spec: one role that nobody may assume until it is assigned, and beside it, as comments, what else there is. With
 * the comment signs taken away it is a spec too.
 */
export function starterSpec({ name, issuer, clientId, role, ...place }: StarterSettings): string {
  return `# What AWS should hold for this server. "admin provision plan" shows what would change and changes nothing.
version: 1

# The value of the tag "admin:spec", by which admin knows again what it made. Each spec has its own.
name: ${yamlText(name)}

identityProvider:
  # Byte for byte the iss of the ID tokens.
  issuer: ${yamlText(issuer)}
  # The aud of the ID tokens.
  clientIds: [${yamlText(clientId)}]

# The accounts and the way into each: with a profile, a role to assume, or the credentials at hand.
# Where this section is missing, that is the account of the credentials.
${accountLines(place)}

# What every role and instance profile has that says nothing else.
# defaults: { path: /workbench/, permissionsBoundary: null, tags: { team: data } }

roles:
  ${yamlText(role)}:
    # Who may assume it: "assigned", those to whom admin assigns it; a list of sub claims; or "any" user of the client.
    trust: { subjects: assigned }
    # description: What the role is for
    # maxSessionDuration: 4h
    # managedPolicies: [AmazonAthenaFullAccess]
    # policies:
    #   files: { s3: { bucket: my-projects, prefix: team-a, access: read-write } }
    #   postgres: { rdsConnect: { database: my-cluster, users: [analyst] } }
    #   warehouse: { redshift: { cluster: my-warehouse, users: [analyst], databases: [sales] } }
    #   queries: { athena: { workgroup: primary, databases: [sales], results: s3://my-results/athena } }

# Databases that take an IAM token for a password.
# databases:
#   my-cluster: { kind: cluster, iamAuthentication: true, applyImmediately: false }

# Roles for the processes of EC2 instances.
# instanceProfiles:
#   my-server: { instances: [i-0123456789abcdef0] }
`
}

function accountLines({ account, profile, region }: Pick<StarterSettings, 'account' | 'profile' | 'region'>): string {
  if (account === null) return '# accounts:\n#   "123456789012": { profile: prod, region: us-east-2 }'
  const settings = Object.entries({ profile, region }).flatMap(([key, value]) =>
    value === null ? [] : [`${key}: ${yamlText(value)}`],
  )
  return `accounts:\n  "${account}": ${settings.length === 0 ? '{}' : `{ ${settings.join(', ')} }`}`
}

/** Plain where YAML reads it as this very text, else in quotes: every JSON text is one in YAML. */
function yamlText(text: string): string {
  const isPlain = /^[A-Za-z][\w.:/-]*[\w/]$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
  return isPlain ? text : JSON.stringify(text)
}
