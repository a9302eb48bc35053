import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/** What IAM keeps on one role, provider or instance profile (IAM user guide, "Tags for IAM resources"). */
export const MOST_TAGS = 50

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * Rules: IAM API reference, Tag. Keys that differ only by case are one to IAM.
 *
 * @throws AdminError INVALID_TAG
 */
export function parseTagKey(text: string): string {
  const problem = keyProblem(text)
  if (problem !== null) throw new AdminError('INVALID_TAG', `${quote(text)} is not the key of a tag: ${problem}`)
  return text
}

/** @throws AdminError INVALID_TAG */
export function parseTagValue(text: string): string {
  const problem = textProblem(text, 256)
  if (problem !== null) throw new AdminError('INVALID_TAG', `${quote(text)} is not the value of a tag: ${problem}`)
  return text
}

function keyProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (/^aws:/i.test(text)) return 'keys that begin with "aws:" belong to AWS'
  return textProblem(text, 128)
}

function textProblem(text: string, most: number): string | null {
  const { length } = [...text]
  if (length > most) return `it has ${length} characters, IAM allows ${most}`
  return ALLOWED.test(text) ? null : 'expected letters, digits, spaces and _.:/=+-@'
}
