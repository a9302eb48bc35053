import { parseRegion, partitionOfRegion } from './region.ts'

/**
 * The bundle of all regions of a partition (Amazon Aurora user guide, "Using SSL/TLS to encrypt a connection"; Amazon RDS
 * user guide for China). Of other partitions the address is not known here.
 */
const DOWNLOADS: Readonly<Record<string, string>> = {
  aws: 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem',
  'aws-us-gov': 'https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/global-bundle.pem',
  'aws-cn': 'https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem',
}

/**
 * Where the certificates of the authorities of RDS are to be had that hold in a region; `null` where that is not known.
 *
 * @throws AdminError INVALID_REGION
 */
export function addressOfRdsAuthorities(region: string): string | null {
  return DOWNLOADS[partitionOfRegion(parseRegion(region))] ?? null
}
