import { existsSync, statSync } from 'node:fs'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import { containsToken } from '../sso/token-text.ts'
import { readInput } from './read-input.ts'

const MOST_BYTES = 10_000_000

/**
 * A text that was given as an argument, or stdin for `-`: of that the first 10 MB.
 *
 * @throws AdminError USAGE_ARGUMENT for the name of a file in the place of a text
 */
export async function readMessage(argument: string, warn: (text: string) => void): Promise<string> {
  if (argument === '-') {
    const text = await readInput('-', MOST_BYTES)
    if (Buffer.byteLength(text) <= MOST_BYTES) return text
    warn('the text is longer than 10 MB: what comes after them was not looked at')
    return text
  }
  if (containsToken(argument)) {
    warn(
      'the text contains a token, and every user of this host can see arguments: let it run out before you trust it\ngive such texts on stdin: admin explain-error - < FILE',
    )
  }
  if (isFile(argument)) throw fileAsText(argument)
  return argument
}

/** A text may be longer than a path can be: `existsSync` says no to such, where `statSync` throws. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function fileAsText(file: string): AdminError {
  return new AdminError('USAGE_ARGUMENT', `${quote(file)} is a file; expected the text of a message, or - for stdin`, {
    suggestions: [`admin explain-error - < ${shellQuote(file)}`],
  })
}
