import { AdminError } from '../errors.ts'

const NOTHING_CHANGED = /\nnothing was changed.*/s

/**
 * Applies what came beside a new refresh token. Where that is refused, the one before is spent all the same, so the error
 * says what was changed and what was not.
 *
 * @param isKept whether the new one was kept; `null` where none came and the one before stays good
 */
export async function tellingSuccessor<T>(isKept: boolean | null, apply: () => Promise<T>): Promise<T> {
  try {
    return await apply()
  } catch (error) {
    throw error instanceof AdminError && isKept !== null ? withSuccessor(error, isKept) : error
  }
}

function withSuccessor({ code, message, suggestions, details, cause }: AdminError, isKept: boolean): AdminError {
  const became = isKept ? 'kept' : 'not kept, as what was kept was changed meanwhile'
  const text = `${message.replace(NOTHING_CHANGED, '')}\nof the roles nothing was changed; the new refresh token is ${became}`
  return new AdminError(code, text, { suggestions, details, cause })
}
