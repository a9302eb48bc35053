import { AdminError } from '../../errors.ts'
import { parseUsername, type Username } from '../username.ts'

export type CheckedName = { readonly username: Username } | { readonly username: null; readonly reason: string }

/** Most names are plain; those need no second look. Lines of one person mostly follow each other. */
const PLAIN_NAME = /^\w[\w.@+-]{0,255}$/

export function usernameChecks(): (text: string) => CheckedName {
  let lastText: string | null = null
  let last: CheckedName = { username: null, reason: '' }
  return (text) => {
    if (text !== lastText) {
      lastText = text
      last = PLAIN_NAME.test(text) ? { username: text as Username } : check(text)
    }
    return last
  }
}

function check(text: string): CheckedName {
  try {
    return { username: parseUsername(text) }
  } catch (error) {
    if (error instanceof AdminError) return { username: null, reason: error.message }
    throw error
  }
}

/** All that is wrong with a line at once. */
export function withReason(name: CheckedName, reason: string): string {
  return name.username === null ? `${name.reason}; ${reason}` : reason
}
