import type { PolicyDocument } from '../policy-document.ts'
import type { S3Location } from '../s3-location.ts'
import { identityPolicy, type Permission } from './identity-policy.ts'
import { literal } from './literal.ts'
import { type PolicyPlace, regionalArn } from './policy-place.ts'
import { bucketArn, listing, objectsArn } from './s3-location.ts'

export interface AthenaQueries {
  readonly workgroup: string
  readonly catalog: string
  readonly databases: readonly string[]
  /** Where the data of the tables is. */
  readonly sources: readonly S3Location[]
  /** Where Athena writes what a query found. */
  readonly results: S3Location
}

// Drivers read results as a stream: the same rows as GetQueryResults (Amazon Athena user guide, "Access through JDBC and
// ODBC connections").
const QUERY = actionsOf(
  'athena',
  'StartQueryExecution',
  'GetQueryExecution',
  'GetQueryResults',
  'GetQueryResultsStream',
  'StopQueryExecution',
  'BatchGetQueryExecution',
  'ListQueryExecutions',
  'GetWorkGroup',
)
const CATALOG = actionsOf(
  'athena',
  'GetDataCatalog',
  'ListDatabases',
  'GetDatabase',
  'ListTableMetadata',
  'GetTableMetadata',
)
const TABLES = actionsOf(
  'glue',
  'GetDatabase',
  'GetDatabases',
  'GetTable',
  'GetTables',
  'GetPartition',
  'GetPartitions',
  'BatchGetPartition',
)
const RESULT_OBJECTS = actionsOf('s3', 'GetObject', 'PutObject', 'AbortMultipartUpload', 'ListMultipartUploadParts')

/**
 * Lets a role query with Athena, which acts as the role: it needs the tables in Glue, the data and the place of the
 * results besides the workgroup (Amazon Athena user guide, "Example workgroup policies", "Fine-grained access to databases
 * and tables in the AWS Glue Data Catalog").
 */
export function athenaPolicy(place: PolicyPlace, queries: AthenaQueries): PolicyDocument {
  return identityPolicy([
    ...workgroupPermissions(place, queries),
    ...gluePermissions(place, queries),
    ...dataPermissions(place, queries),
    ...resultPermissions(place, queries),
  ])
}

function workgroupPermissions(place: PolicyPlace, { workgroup, catalog }: AthenaQueries): readonly Permission[] {
  return [
    { sid: 'Query', actions: QUERY, resources: [regionalArn(place, 'athena', `workgroup/${literal(workgroup)}`)] },
    { sid: 'Catalog', actions: CATALOG, resources: [regionalArn(place, 'athena', `datacatalog/${literal(catalog)}`)] },
    {
      sid: 'NoResourceLevel',
      actions: actionsOf('athena', 'ListWorkGroups', 'ListDataCatalogs'),
      resources: ['*'],
    },
  ]
}

/** Athena reads the database `default` whatever a query names. It never makes it: that would be a write. */
function gluePermissions(place: PolicyPlace, { databases }: AthenaQueries): readonly Permission[] {
  const glue = (resource: string) => regionalArn(place, 'glue', resource)
  const tables = databases.flatMap((database) => [
    glue(`database/${literal(database)}`),
    glue(`table/${literal(database)}/*`),
  ])
  return [
    { sid: 'Glue', actions: TABLES, resources: [glue('catalog'), ...tables] },
    { sid: 'GlueDefault', actions: ['glue:GetDatabase'], resources: [glue('catalog'), glue('database/default')] },
  ]
}

function dataPermissions(place: PolicyPlace, { sources }: AthenaQueries): readonly Permission[] {
  if (sources.length === 0) return []
  const buckets = [...new Set(sources.map((source) => bucketArn(place, source)))]
  return [
    { sid: 'LocateData', actions: ['s3:GetBucketLocation'], resources: buckets },
    ...sources.map((source, index) => listing(`ListData${index + 1}`, place, source)),
    { sid: 'Data', actions: ['s3:GetObject'], resources: sources.map((source) => objectsArn(place, source)) },
  ]
}

function resultPermissions(place: PolicyPlace, { results }: AthenaQueries): readonly Permission[] {
  return [
    {
      sid: 'LocateResults',
      actions: actionsOf('s3', 'GetBucketLocation', 'ListBucketMultipartUploads'),
      resources: [bucketArn(place, results)],
    },
    listing('ListResults', place, results),
    { sid: 'Results', actions: RESULT_OBJECTS, resources: [objectsArn(place, results)] },
  ]
}

function actionsOf(service: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${service}:${name}`)
}
