import { closeSync, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'

const MOST_BYTES = 1_000_000

/**
 * The text of a file that decides whose tokens and which store are believed. Whoever may write it decides that too: for
 * root it must be root alone; for everybody else root or they themselves, and it must not be open to all.
 *
 * What was looked at is what is read: the file is opened once.
 *
 * @throws AdminError INVALID_CONFIG; what the file system says comes as it is
 */
export function readTrustedFile(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const stats = fstatSync(descriptor)
    const problems = trustProblems(file, stats, lstatSync(file), process.getuid?.() ?? 0)
    if (problems.length > 0) throw new AdminError('INVALID_CONFIG', problems.join('\n'), { details: { problems } })
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

/** @param link what stands under that name: the file, or a symbolic link to it, which decides as much */
export function trustProblems(file: string, stats: Stats, link: Stats, reader: number): readonly string[] {
  const name = shellQuote(file)
  const isTrusted = ({ uid }: Stats) => uid === 0 || uid === reader
  const open = (stats.mode & (reader === 0 ? 0o022 : 0o002)) !== 0
  const everybody = `${file}: everybody may write it, so nobody may rely on it: chmod o-w ${name}`
  const others = `${file}: others than root may write it, so root does not rely on it: chmod go-w ${name}`
  return [
    ...(isTrusted(stats)
      ? []
      : [`${file}: ${ownerProblem(stats, reader)}: chown ${reader === 0 ? 'root' : reader} ${name}`]),
    ...(isTrusted(link) || !link.isSymbolicLink()
      ? []
      : [`${file}: it is a symbolic link, and ${ownerProblem(link, reader)}: name the file itself with --config`]),
    ...(open ? [reader === 0 ? others : everybody] : []),
    ...(stats.size > MOST_BYTES ? [`${file}: it has more than ${MOST_BYTES} bytes, so it is no configuration`] : []),
  ]
}

function ownerProblem({ uid }: Stats, reader: number): string {
  return reader === 0
    ? `it belongs to uid ${uid}, and root relies only on what belongs to root`
    : `it belongs to uid ${uid}, neither to you nor to root`
}
