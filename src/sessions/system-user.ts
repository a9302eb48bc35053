import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import type { Owner } from './owned-file.ts'

/** getent(1): the key is not known. */
const UNKNOWN = 2
const PATIENCE = 20_000

/**
 * The user of the system who has that name, wherever the system keeps its users. Root may give a file to anybody; everybody
 * else keeps their own.
 *
 * @throws AdminError NOT_FOUND_SYSTEM_USER, DENIED_FILE, UNAVAILABLE_FILE
 */
export async function ownerOfSession(username: Username): Promise<Owner> {
  const owner = await lookUp(username)
  if (owner === null) {
    throw new AdminError(
      'NOT_FOUND_SYSTEM_USER',
      `this system has no user ${quote(username)} to give a token file to\nit must be a user of this host, as useradd or a directory has them; session credentials needs none`,
      {
        suggestions: [`admin session credentials ${shellQuote(username)}`],
        details: { username },
      },
    )
  }
  const uid = process.getuid?.() ?? 0
  if (uid === 0 || uid === owner.uid) return owner
  const message = `only root can give ${quote(username)} (uid ${owner.uid}) a token file; you are uid ${uid}`
  throw new AdminError('DENIED_FILE', message, { details: { username, uid } })
}

/** @throws AdminError UNAVAILABLE_FILE */
export async function isSystemUser(username: Username): Promise<boolean> {
  return (await lookUp(username)) !== null
}

async function lookUp(username: Username): Promise<Owner | null> {
  try {
    const { stdout } = await promisify(execFile)('getent', ['passwd', '--', username], { timeout: PATIENCE })
    const [name = '', , uid = '', gid = ''] = stdout.trimEnd().split(':')
    // A name of digits is asked for as a number, too.
    const isNumber = /^[+\d]/.test(username) && name !== username
    return isNumber || !/^\d+$/.test(uid) || !/^\d+$/.test(gid) ? null : { uid: Number(uid), gid: Number(gid) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNKNOWN) return null
    const reason = error instanceof Error ? error.message : String(error)
    throw new AdminError('UNAVAILABLE_FILE', `the users of this system could not be asked for: ${quote(reason)}`, {
      cause: error,
    })
  }
}
