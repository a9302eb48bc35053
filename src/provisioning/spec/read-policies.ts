import type { YamlCursor } from '../../config/yaml-cursor.ts'
import {
  filledListOf,
  listOf,
  oneOf,
  optional,
  parseAt,
  parsed,
  type Reader,
  readSwitch,
  whole,
} from '../../config/yaml-readers.ts'
import { parseAthenaWorkgroup, parseDataCatalog, parseGlueDatabase } from '../../iam/athena-names.ts'
import { parseDatabaseReference } from '../../iam/database-reference.ts'
import { parseDatabaseUser } from '../../iam/database-user.ts'
import { parsePolicyName } from '../../iam/policy-name.ts'
import {
  parseRedshiftCluster,
  parseRedshiftDatabase,
  parseRedshiftGroup,
  parseRedshiftUser,
  parseRedshiftWorkgroup,
} from '../../iam/redshift-names.ts'
import { parseBucket, parsePrefix, parseS3Location } from '../../iam/s3-location.ts'
import { readPolicyDocument } from './read-policy-document.ts'
import type { SpecGrant, SpecPolicy } from './spec.ts'

type Grant<Kind extends SpecGrant['kind']> = Extract<SpecGrant, { readonly kind: Kind }>

const KINDS = ['rdsConnect', 's3', 'redshift', 'athena', 'document'] as const

/** An inline policy: one grant under a name. */
export function readPolicy(name: string, at: YamlCursor, directory: string): SpecPolicy | undefined {
  return whole<SpecPolicy>({ name: parseAt(at, name, parsePolicyName), grant: readGrant(at, directory) })
}

function readGrant(at: YamlCursor, directory: string): SpecGrant | undefined {
  const fields = at.fields(...KINDS)
  if (fields === undefined) return undefined
  const [kind, ...others] = KINDS.filter((known) => fields[known].value !== undefined)
  if (kind === undefined || others.length > 0) {
    const seen = kind === undefined ? 'none' : [kind, ...others].join(' and ')
    return at.report(` must have exactly one of ${KINDS.join(', ')}, not ${seen}`)
  }
  return kind === 'document' ? readDocument(fields.document, directory) : grants[kind](fields[kind])
}

const grants: Readonly<Record<Exclude<(typeof KINDS)[number], 'document'>, Reader<SpecGrant>>> = {
  rdsConnect: readRdsConnect,
  s3: readS3,
  redshift: readRedshift,
  athena: readAthena,
}

function readRdsConnect(at: YamlCursor): SpecGrant | undefined {
  const fields = at.fields('database', 'users')
  return (
    fields &&
    whole<Grant<'rdsConnect'>>({
      kind: 'rdsConnect',
      database: parsed(parseDatabase)(fields.database),
      users: filledListOf(parsed(parseDatabaseUser))(fields.users),
    })
  )
}

/** The text stays: what it refers to is looked up in AWS. */
function parseDatabase(text: string): string {
  parseDatabaseReference(text)
  return text
}

function readS3(at: YamlCursor): SpecGrant | undefined {
  const fields = at.fields('bucket', 'prefix', 'access')
  return (
    fields &&
    whole<Grant<'s3'>>({
      kind: 's3',
      bucket: parsed(parseBucket)(fields.bucket),
      prefix: optional(fields.prefix, parsed(parsePrefix), null),
      access: optional(fields.access, oneOf('read', 'read-write'), 'read' as const),
    })
  )
}

function readRedshift(at: YamlCursor): SpecGrant | undefined {
  const fields = at.fields('cluster', 'workgroup', 'users', 'databases', 'groups', 'autoCreate')
  if (fields === undefined) return undefined
  const { cluster, workgroup, ...others } = fields
  if ((cluster.value === undefined) === (workgroup.value === undefined))
    return at.report(' must have exactly one of cluster and workgroup')
  if (workgroup.value === undefined) return readRedshiftCluster(cluster, others)
  for (const other of Object.values(others))
    if (other.value !== undefined) other.report(' has no place beside workgroup: who logs in is the role itself')
  return whole<Grant<'redshiftServerless'>>({
    kind: 'redshiftServerless',
    workgroup: parsed(parseRedshiftWorkgroup)(workgroup),
  })
}

function readRedshiftCluster(
  cluster: YamlCursor,
  fields: Readonly<Record<'users' | 'databases' | 'groups' | 'autoCreate', YamlCursor>>,
): SpecGrant | undefined {
  return whole<Grant<'redshift'>>({
    kind: 'redshift',
    cluster: parsed(parseRedshiftCluster)(cluster),
    users: filledListOf(parsed(parseRedshiftUser))(fields.users),
    databases: filledListOf(parsed(parseRedshiftDatabase))(fields.databases),
    groups: optional(fields.groups, listOf(parsed(parseRedshiftGroup)), []),
    autoCreate: optional(fields.autoCreate, readSwitch, false),
  })
}

function readAthena(at: YamlCursor): SpecGrant | undefined {
  const fields = at.fields('workgroup', 'catalog', 'databases', 'results', 'sources')
  return (
    fields &&
    whole<Grant<'athena'>>({
      kind: 'athena',
      workgroup: parsed(parseAthenaWorkgroup)(fields.workgroup),
      catalog: optional(fields.catalog, parsed(parseDataCatalog), 'AwsDataCatalog'),
      databases: filledListOf(parsed(parseGlueDatabase))(fields.databases),
      results: parsed(parseS3Location)(fields.results),
      sources: optional(fields.sources, listOf(parsed(parseS3Location)), []),
    })
  )
}

function readDocument(at: YamlCursor, directory: string): SpecGrant | undefined {
  return whole<Grant<'document'>>({ kind: 'document', document: readPolicyDocument(at, directory) })
}
