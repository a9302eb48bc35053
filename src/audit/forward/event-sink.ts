/** Where events go beside the log. */
export interface EventSink {
  /** As warnings name it. */
  readonly name: string
  /** @throws AdminError UNAVAILABLE_OUTPUT */
  open(): Promise<OpenSink>
}

export interface OpenSink {
  /**
   * Takes one event a line, without line feeds, and waits where it cannot take more.
   *
   * @throws AdminError UNAVAILABLE_OUTPUT
   */
  write(lines: readonly string[]): Promise<void>
  /** What was written is handed over when it resolves. */
  close(): Promise<void>
}

/** A sink that did not take all events, and why. */
export interface SinkFailure {
  readonly sink: string
  readonly problem: string
}

/** Hands every batch to every sink in order. One that fails gets no more; the others do. */
export async function forwardLines(
  batches: AsyncIterable<readonly string[]>,
  sinks: readonly EventSink[],
): Promise<readonly SinkFailure[]> {
  const failures: SinkFailure[] = []
  const open = await openAll(sinks, failures)
  for await (const lines of batches) {
    for (const [sink, opened] of open) {
      await opened.write(lines).catch((error: unknown) => {
        open.delete(sink)
        failures.push(failureOf(sink, error))
        return opened.close().catch(() => {})
      })
    }
  }
  for (const [sink, opened] of open) await opened.close().catch((error) => failures.push(failureOf(sink, error)))
  return failures
}

async function openAll(sinks: readonly EventSink[], failures: SinkFailure[]): Promise<Map<EventSink, OpenSink>> {
  const open = new Map<EventSink, OpenSink>()
  for (const sink of sinks) {
    try {
      open.set(sink, await sink.open())
    } catch (error) {
      failures.push(failureOf(sink, error))
    }
  }
  return open
}

function failureOf({ name }: EventSink, error: unknown): SinkFailure {
  return { sink: name, problem: error instanceof Error ? error.message : String(error) }
}
