import { closeSync, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { explainReadFailure } from '../config/read-failure.ts'
import { trustProblems } from '../config/trusted-file.ts'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'

const READ_BY_OTHERS = 0o004

/**
 * The secret of the client, without the end of its line; nothing of it is ever shown.
 *
 * @throws AdminError NOT_FOUND_FILE, DENIED_FILE; REFUSED_UNSAFE_FILE where everybody may read or others may write it;
 *   INVALID_CONFIG where it holds no secret
 */
export function readClientSecret(file: string): string {
  const secret = readSafely(file).replace(/\r?\n$/, '')
  const problem = secretProblem(secret)
  if (problem === null) return secret
  throw new AdminError('INVALID_CONFIG', `sso.clientSecretFile: ${file} ${problem}; expected the secret alone`, {
    details: { file, key: 'sso.clientSecretFile' },
  })
}

function secretProblem(secret: string): string | null {
  if (secret === '') return 'is empty'
  if (/^client-(id|secret)=/m.test(secret)) return 'is the file of Posit Workbench with client id and secret'
  return /[\r\n]/.test(secret) ? 'has more than one line' : null
}

function readSafely(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      refuseUnsafe(file, fstatSync(descriptor), lstatSync(file))
      return readFileSync(descriptor, 'utf8')
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw explainReadFailure(error, `file ${file} that sso.clientSecretFile names`)
  }
}

function refuseUnsafe(file: string, stats: Stats, link: Stats): void {
  const isReadable = (stats.mode & READ_BY_OTHERS) !== 0
  const problems = [
    ...trustProblems(file, stats, link, process.getuid?.() ?? 0),
    ...(isReadable ? [`${file}: everybody may read the client secret: chmod o-rwx ${shellQuote(file)}`] : []),
  ]
  if (problems.length === 0) return
  throw new AdminError('REFUSED_UNSAFE_FILE', problems.join('\n'), { details: { file, problems } })
}
