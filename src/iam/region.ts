import { AdminError } from '../errors.ts'
import { nearNames } from './near-names.ts'
import type { Partition } from './partition.ts'
import { quote } from './quote.ts'

declare const region: unique symbol

/** The name of an AWS region, as `us-east-2`. Whether it exists only AWS knows. */
export type Region = string & { readonly [region]: true }

/** The beginnings of the names of regions outside the partition `aws` (botocore, partitions.json). */
const PARTITIONS: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'eusc-': 'aws-eusc',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'eu-isoe-': 'aws-iso-e',
  'us-isof-': 'aws-iso-f',
}

/** The name of every region says where in its area it lies; areas and numbers are added (botocore, partitions.json). */
const QUARTERS = 'north south east west central northeast northwest southeast southwest'.split(' ')

/** The shape of every region name, for use inside a larger pattern. */
export const REGION_PATTERN = `[a-z]{2,4}(?:-[a-z]+)?-(?:${QUARTERS.join('|')})-\\d{1,2}`

/** @throws AdminError INVALID_REGION */
export function parseRegion(text: string): Region {
  const problem = regionProblem(text)
  if (problem !== null) throw new AdminError('INVALID_REGION', `${quote(text)} is not an AWS region: ${problem}`)
  return text as Region
}

/**
 * One that nobody gave as an argument.
 *
 * @param place that it stands in, as `AWS_REGION`
 * @throws AdminError INVALID_REGION
 */
export function parseRegionOf(place: string, text: string): Region {
  const problem = regionProblem(text)
  if (problem === null) return text as Region
  throw new AdminError('INVALID_REGION', `${place} is ${quote(text)}, which is not an AWS region: ${problem}`)
}

export function partitionOfRegion(of: Region): Partition {
  const beginning = Object.keys(PARTITIONS).find((prefix) => of.startsWith(prefix))
  return (beginning === undefined ? 'aws' : PARTITIONS[beginning]) as Partition
}

/** Why that is not the name of a region; `null` where it is. */
export function regionProblem(text: string): string | null {
  if (new RegExp(`^${REGION_PATTERN}$`).test(text)) return null
  if (new RegExp(`^${REGION_PATTERN}[a-z]$`).test(text)) return `that is an availability zone of ${text.slice(0, -1)}`
  const [meant] = nearNames(text, namesIn(text))
  return meant === undefined ? 'expected a name as us-east-2' : `did you mean ${meant}?`
}

/** Names of the same area and number. */
function namesIn(text: string): readonly string[] {
  const [, area, number] = /^([a-z]{2,4}(?:-[a-z]+)?)-[a-z]+-(\d{1,2})$/.exec(text) ?? []
  return area === undefined ? [] : QUARTERS.map((quarter) => `${area}-${quarter}-${number}`)
}
