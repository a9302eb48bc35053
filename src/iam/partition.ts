declare const partition: unique symbol

/** A group of AWS regions with its own accounts and its own IAM: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, … */
export type Partition = string & { readonly [partition]: true }

/** The shape of every partition name, for use inside a larger pattern (botocore, partitions.json). */
export const PARTITION_PATTERN = 'aws(?:-[a-z]+)*'

export function isPartition(text: string): text is Partition {
  return new RegExp(`^${PARTITION_PATTERN}$`).test(text)
}

/** The domain under which a partition has its endpoints (botocore, partitions.json). */
const DNS_SUFFIXES: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-us-gov': 'amazonaws.com',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
}

/** Any of these domains, for use inside a larger pattern. */
export const DNS_SUFFIX_PATTERN = [...new Set(Object.values(DNS_SUFFIXES))]
  .map((suffix) => suffix.replaceAll('.', '\\.'))
  .join('|')

/** `null` for a partition that is not known here. */
export function dnsSuffixOf(name: Partition): string | null {
  return DNS_SUFFIXES[name] ?? null
}
