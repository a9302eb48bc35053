import { setTimeout as sleep } from 'node:timers/promises'

/** Whether the person at the terminal, or whoever runs the machine, wants this to end. */
export interface Interrupt {
  readonly isInterrupted: () => boolean
  /** Waits; returns at once where the run is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>
}

/**
 * Lets the work end in order: the first Ctrl-C or SIGTERM is only told to it, so that what is in flight is finished. A
 * second one ends the program as usual.
 *
 * @param onInterrupt says so at once: finishing may take a moment
 */
export async function withInterrupt<T>(
  onInterrupt: () => void,
  work: (interrupt: Interrupt) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const handle = () => {
    stopListening()
    abort.abort()
    onInterrupt()
  }
  const stopListening = () => {
    process.removeListener('SIGINT', handle)
    process.removeListener('SIGTERM', handle)
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  try {
    return await work({
      isInterrupted: () => abort.signal.aborted,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: abort.signal }).catch(() => {}),
    })
  } finally {
    stopListening()
  }
}
