import { createReadStream } from 'node:fs'
import { explainReadFailure } from '../config/read-failure.ts'
import { quote } from '../iam/quote.ts'
import { containsToken } from '../sso/token-text.ts'
import { refuseEmpty } from './flags.ts'
import { tokenAsArgument } from './token-arguments.ts'

/**
 * The text of FILE, or of stdin for `-`. Reading stops behind `mostBytes`: whoever asked sees from the length that there
 * was more.
 *
 * @throws AdminError NOT_FOUND_FILE, DENIED_FILE, USAGE_ARGUMENT for a token in the place of a file
 */
export async function readInput(file: string, mostBytes: number): Promise<string> {
  refuseEmpty('FILE', file)
  if (containsToken(file)) throw tokenAsArgument([])
  const stream = file === '-' ? process.stdin : createReadStream(file)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes > mostBytes) break
    }
  } catch (error) {
    throw explainReadFailure(error, `file ${quote(file)}`)
  }
  return Buffer.concat(chunks).toString('utf8')
}
