import { AdminError, exitCodes } from '../errors.ts'

/** Shows an error and sets its exit code. */
type Report = (failure: unknown, isStdoutBroken: boolean) => void

/**
 * What ends a run from outside of its promises, each told in our words and never with a dump of our source: output that
 * cannot be written, what nobody caught, and work that waits for what will never come. To be called before oclif listens:
 * its listener throws.
 *
 * @returns what to call when the work has settled: from then on the end of the run is no failure
 */
export function speakLastWords(report: Report): () => void {
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
  // Node.js would end with 0, as if all were done.
  const refuseToEnd = () => report(new Error('nothing was left to wait for, and the command had not ended'), false)
  process.once('beforeExit', refuseToEnd)
  return () => process.removeListener('beforeExit', refuseToEnd)
}

function unwritten(cause: NodeJS.ErrnoException): AdminError {
  const reason = cause.code === 'ENOSPC' ? 'no space left on device (ENOSPC)' : cause.message
  const message = `the answer could not be written to standard output: ${reason}\nwhat the command did stands`
  return new AdminError('UNAVAILABLE_OUTPUT', message, { cause })
}
