import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/** A bucket, or what stands under one prefix of it. */
export interface S3Location {
  readonly bucket: string
  /** Without slashes at its ends; `null`: the whole bucket. */
  readonly prefix: string | null
}

/**
 * Rules: Amazon S3 user guide, "General purpose bucket naming rules".
 *
 * @throws AdminError INVALID_S3_LOCATION
 */
export function parseBucket(text: string): string {
  const problem = bucketProblem(text)
  if (problem !== null) throw new AdminError('INVALID_S3_LOCATION', `${quote(text)} is not an S3 bucket: ${problem}`)
  return text
}

/**
 * The beginning of object keys, up to a slash; one slash at its end makes no difference. What a policy would read as a
 * pattern or a variable is refused: it would allow more, or less, than it says (IAM user guide, "IAM JSON policy elements:
 * Resource").
 *
 * @throws AdminError INVALID_S3_LOCATION
 */
export function parsePrefix(text: string): string {
  const prefix = text.replace(/\/$/, '')
  const problem = prefixProblem(prefix)
  if (problem !== null) throw new AdminError('INVALID_S3_LOCATION', `${quote(text)} is not an S3 prefix: ${problem}`)
  return prefix
}

/**
 * Reads `s3://BUCKET[/PREFIX]`.
 *
 * @throws AdminError INVALID_S3_LOCATION
 */
export function parseS3Location(text: string): S3Location {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(text) ?? []
  if (bucket === undefined)
    throw new AdminError('INVALID_S3_LOCATION', `${quote(text)} is not a place in S3: expected s3://BUCKET[/PREFIX]`)
  return { bucket: parseBucket(bucket), prefix: prefix === '' ? null : parsePrefix(prefix) }
}

function bucketProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (/^(arn:|s3:)/.test(text)) return "expected the bucket's name alone"
  if (text.includes('/')) return 'it contains a slash; a prefix is given apart from the bucket'
  if (text.length < 3 || text.length > 63) return `it has ${text.length} characters, expected 3 to 63`
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(text))
    return 'expected lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit'
  return text.includes('..') || /^\d+(\.\d+){3}$/.test(text) ? 'it has two dots in a row, or is an IP address' : null
}

function prefixProblem(text: string): string | null {
  if (text === '') return 'it is empty; leave it out for the whole bucket'
  if (text.startsWith('/') || text.endsWith('/') || text.includes('//')) return 'it has an empty part beside a slash'
  if (text.length > 1024) return `it has ${text.length} characters, S3 allows 1024`
  if (/[*?]/.test(text)) return 'it has a wildcard; all that begins with the prefix is meant anyway'
  if (text.includes('${')) return 'AWS would take its "${" for a policy variable'
  return /^[\x20-\x7E\xA1-\xFF]+$/.test(text) ? null : 'IAM policies take Latin-1 characters only'
}
