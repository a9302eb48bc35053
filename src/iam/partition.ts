declare const partition: unique symbol

/** A group of AWS regions with its own accounts and its own IAM: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, … */
export type Partition = string & { readonly [partition]: true }

/** The shape of every partition name, for use inside a larger pattern (botocore, partitions.json). */
export const PARTITION_PATTERN = 'aws(?:-[a-z]+)*'

export function isPartition(text: string): text is Partition {
  return new RegExp(`^${PARTITION_PATTERN}$`).test(text)
}
