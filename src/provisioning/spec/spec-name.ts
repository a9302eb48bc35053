import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import { COMMAND_LINE_SPEC } from '../ownership.ts'

/**
 * The name of a spec. It becomes the value of a tag; of what IAM allows there we take what nobody has to quote.
 *
 * @throws AdminError INVALID_SPEC
 */
export function parseSpecName(text: string): string {
  const problem = nameProblem(text)
  if (problem !== null) throw new AdminError('INVALID_SPEC', `${quote(text)} is not the name of a spec: ${problem}`)
  return text
}

function nameProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (text === COMMAND_LINE_SPEC) return 'it stands for what single commands provision'
  if (text.length > 64) return `it has ${text.length} characters, at most 64 are allowed`
  return /^[A-Za-z0-9_.-]+$/.test(text) ? null : 'expected letters, digits and _.-'
}
