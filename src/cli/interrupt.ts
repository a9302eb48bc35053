import { setTimeout as sleep } from 'node:timers/promises'
import { AdminError } from '../errors.ts'
import { writeNote } from './output.ts'

/** Whether the person at the terminal, or whoever runs the machine, wants this to end. */
export interface Interrupt {
  readonly isInterrupted: () => boolean
  /** For what can be given up at once. */
  readonly signal: AbortSignal
  /** Waits; returns at once where the run is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Ctrl-C, the end that the machine asks for, and that of the terminal. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Lets the work end in order: the first signal is only told to it, so that what is in flight is finished. A second one
 * ends the program as usual: it is sent anew, since others who listen do nothing while we do.
 *
 * @param onInterrupt says so at once: finishing may take a moment
 */
export async function withInterrupt<T>(
  onInterrupt: () => void,
  work: (interrupt: Interrupt) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const handle = (signal: NodeJS.Signals) => {
    if (abort.signal.aborted) {
      stopListening()
      process.kill(process.pid, signal)
      return
    }
    abort.abort(signal)
    onInterrupt()
  }
  const stopListening = () => {
    for (const signal of SIGNALS) process.removeListener(signal, handle)
  }
  for (const signal of SIGNALS) process.on(signal, handle)
  try {
    return await work({
      isInterrupted: () => abort.signal.aborted,
      signal: abort.signal,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: abort.signal }).catch(() => {}),
    })
  } finally {
    stopListening()
  }
}

/**
 * For work that only waits for somebody: where it was given up, nothing was changed, and the signal ends the program as it
 * ends any other. A loop of the shell around it ends too.
 */
export async function endedBySignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  let waiting: AbortSignal | undefined
  try {
    return await withInterrupt(
      () => {},
      ({ signal }) => {
        waiting = signal
        return work(signal)
      },
    )
  } catch (error) {
    if (waiting?.aborted !== true || !(error instanceof AdminError) || error.code !== 'REFUSED_INTERRUPTED') throw error
    writeNote(error.message)
    process.kill(process.pid, waiting.reason)
    throw error
  }
}
