import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/i

/**
 * A host by its name or its IPv4 address, in lower case (RFC 1123 §2.1).
 *
 * @throws AdminError INVALID_HOST
 */
export function parseHostName(text: string): string {
  const problem = hostProblem(text)
  if (problem !== null) throw new AdminError('INVALID_HOST', `${quote(text)} is not the name of a host: ${problem}`)
  return text.toLowerCase()
}

function hostProblem(text: string): string | null {
  if (/^[a-z]+:/i.test(text) && text.includes('//')) return 'it is a URL; write the host alone'
  if (/:\d+$/.test(text)) return 'write the port apart, with --port'
  if (text.length > 253) return `it has ${text.length} characters, at most 253 are allowed`
  return text.split('.').every((label) => LABEL.test(label)) ? null : 'expected a name as warehouse.example.com'
}
