import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * The id of an EC2 instance: `i-` and 17 hexadecimal digits, 8 for those made before 2016 (EC2 user guide, "Resource IDs").
 *
 * @throws AdminError INVALID_INSTANCE_ID
 */
export function parseInstanceId(text: string): string {
  if (/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text)) return text
  throw new AdminError(
    'INVALID_INSTANCE_ID',
    `${quote(text)} is not the id of an EC2 instance: expected i- and 17 hexadecimal digits`,
  )
}
