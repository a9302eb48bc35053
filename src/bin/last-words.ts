import { AdminError, exitCodes } from '../errors.ts'

/** Shows an error and sets its exit code. */
type Report = (failure: unknown, isStdoutBroken: boolean) => void

/**
 * What ends a run from outside of its promises, each told in our words and never with a dump of our source: output that
 * cannot be written, and what nobody caught. To be called before oclif listens: its listener throws.
 */
export function speakLastWords(report: Report): void {
  process.stdout.prependListener('error', (failure: NodeJS.ErrnoException) => {
    if (failure.code === 'EPIPE') return
    // What ended in a failure of its own keeps the code of that failure.
    const { exitCode } = process
    report(unwritten(failure), true)
    process.exit(exitCode || exitCodes.UNAVAILABLE_OUTPUT)
  })
  // Notes that are lost must not stop work that is under way, nor call it failed.
  process.stderr.on('error', () => {})
  process.on('uncaughtException', (failure) => {
    report(failure, false)
    process.exit()
  })
}

function unwritten(cause: NodeJS.ErrnoException): AdminError {
  const reason = cause.code === 'ENOSPC' ? 'no space left on device (ENOSPC)' : cause.message
  const message = `the answer could not be written to standard output: ${reason}\nwhat the command did stands`
  return new AdminError('UNAVAILABLE_OUTPUT', message, { cause })
}
