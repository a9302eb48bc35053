import { execFile, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import type { ClientRun } from '../databases/client-run.ts'
import { AdminError } from '../errors.ts'

/** Ended by a signal, a program has no exit code; shells count from here (POSIX shell command language, 2.8.2). */
const SIGNALLED = 128

/**
 * Runs the client on our own terminal, or whatever else our input and output are, until it ends.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 */
export async function runClient({ file, argv, environment }: ClientRun): Promise<number> {
  const child = spawn(file, argv, { env: environment, stdio: 'inherit' })
  const stopListening = passOn((signal) => void child.kill(signal))
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(notStarted(file, error)))
      child.once('exit', (code, signal) =>
        resolve(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])),
      )
    })
  } finally {
    stopListening()
  }
}

/** What a program prints of itself; nothing where it fails. */
export function askProgram(file: string, argv: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(file, [...argv], { timeout: 10_000 }, (_, stdout) => resolve(stdout))
  })
}

/**
 * A terminal sends Ctrl-C to the client too, which cancels a query with it and carries on; from elsewhere only we get it.
 * A look at `process.stdin` would make the input one that does not wait, and the client would find it at its end.
 */
function passOn(send: (signal: NodeJS.Signals) => void): () => void {
  const isFromTerminal = isatty(0)
  const ofTerminal = (signal: NodeJS.Signals) => {
    if (!isFromTerminal) send(signal)
  }
  process.on('SIGINT', ofTerminal).on('SIGQUIT', ofTerminal).on('SIGTERM', send).on('SIGHUP', send)
  return () => {
    process.off('SIGINT', ofTerminal).off('SIGQUIT', ofTerminal).off('SIGTERM', send).off('SIGHUP', send)
  }
}

function notStarted(file: string, cause: Error): AdminError {
  const reason = 'code' in cause ? String(cause.code) : cause.message
  return new AdminError('NOT_FOUND_CLIENT', `${file} could not be started: ${reason}`, { cause })
}
