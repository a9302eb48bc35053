import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

const LONGEST = 63

/**
 * A user of PostgreSQL, MySQL or MariaDB, as `rds-db:connect` names it behind `dbuser:RESOURCE/`. A wildcard is refused: it
 * would let its holder log in as anybody, the administrator included (Amazon Aurora user guide, "Creating and using an IAM
 * policy for IAM database access").
 *
 * @throws AdminError INVALID_DATABASE_USER
 */
export function parseDatabaseUser(text: string): string {
  const problem = userProblem(text)
  if (problem !== null)
    throw new AdminError('INVALID_DATABASE_USER', `${quote(text)} is not a database user: ${problem}`)
  return text
}

/**
 * A user of a database, to log in as. Here any name will do that a database can have: nothing takes it for a pattern
 * (PostgreSQL documentation, "Identifiers and Key Words": 63 bytes).
 *
 * @throws AdminError INVALID_DATABASE_USER
 */
export function parseDatabaseLogin(text: string): string {
  const problem = loginProblem(text)
  if (problem !== null)
    throw new AdminError('INVALID_DATABASE_USER', `${quote(text)} is not a database user: ${problem}`)
  return text
}

function loginProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) return 'it has control characters'
  const bytes = Buffer.byteLength(text)
  return bytes > LONGEST ? `it has ${bytes} bytes, at most ${LONGEST} are allowed` : null
}

function userProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (text.length > LONGEST) return `it has ${text.length} characters, at most ${LONGEST} are allowed`
  if (/[*?]/.test(text)) return 'it has a wildcard; name each'
  if (text.includes('${')) return 'AWS would take its "${" for a policy variable'
  return /^[\w.@+$-]+$/.test(text) ? null : 'expected letters, digits and _.@+$-'
}
