import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'

declare const username: unique symbol

/** A person's login name on the server, in Unicode normal form C. Case is kept and matters. */
export type Username = string & { readonly [username]: true }

const LONGEST = 256

/** @throws AdminError INVALID_USERNAME, naming the first character that is not allowed */
export function parseUsername(text: string): Username {
  const normal = text.normalize('NFC')
  const problem = usernameProblem(normal)
  if (problem !== null) throw new AdminError('INVALID_USERNAME', `${quote(text)} is not a user name: ${problem}`)
  return normal as Username
}

/** Why `text` is no user name, or `null` if it is one. */
export function usernameProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  const length = [...text].length
  if (length > LONGEST) return `it has ${length} characters, at most ${LONGEST} are allowed`
  if (text.startsWith('-')) return 'it begins with "-", like a flag'
  if (!text.isWellFormed()) return 'it is not valid Unicode'
  // What Node puts in the place of bytes that are no UTF-8: two such names would be one.
  if (text.includes('\ufffd')) return 'it is not valid UTF-8'
  const forbidden = /[\p{Cc}\s,/:]/u.exec(text)?.[0]
  if (forbidden === undefined) return null
  if (/\p{Cc}/u.test(forbidden)) return `it contains the control character U+${hex(forbidden)}`
  if (/\s/u.test(forbidden)) return 'it contains white space'
  return `it contains ${quote(forbidden)}`
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
