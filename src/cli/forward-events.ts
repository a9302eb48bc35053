import type { AuditEvent } from '../audit/event.ts'
import type { EventRange } from '../audit/event-log.ts'
import { toEvent } from '../audit/event-row.ts'
import { type EventSink, forwardLines, type SinkFailure } from '../audit/forward/event-sink.ts'
import { jsonlFile } from '../audit/forward/jsonl-file.ts'
import { syslog } from '../audit/forward/syslog.ts'
import type { ForwardConfig } from '../config/config.ts'
import { shellQuote } from '../iam/quote.ts'
import { forwardingStore } from '../store/forwarding-store.ts'
import type { Store } from '../store/store.ts'
import { toJson, writeWarning } from './output.ts'

/** The same store, whose events are forwarded as configured. */
export function withForwarding(store: Store, config: ForwardConfig): Store {
  const sinks = sinksOf(config)
  return forwardingStore(store, (log, range) => forward(log, range, sinks))
}

function sinksOf({ syslog: socket, file }: ForwardConfig): readonly EventSink[] {
  return [...(socket === undefined ? [] : [syslog(socket)]), ...(file === undefined ? [] : [jsonlFile(file)])]
}

/** What was changed stands, so whatever goes wrong here is a warning. */
async function forward(log: Store, range: EventRange, sinks: readonly EventSink[]): Promise<void> {
  const times: string[] = []
  try {
    const failures = await forwardLines(linesOf(log, range, times), sinks)
    for (const failure of failures) warn(log, failure, range, times)
  } catch (error) {
    warn(log, { sink: 'anybody', problem: error instanceof Error ? error.message : String(error) }, range, times)
  }
}

/** As `audit log --format jsonl` shows them, oldest first; notes the times of the first and the last. */
async function* linesOf(log: Store, range: EventRange, times: string[]): AsyncGenerator<readonly string[]> {
  for await (const rows of log.eventRows(range)) {
    const events: readonly AuditEvent[] = rows.map(toEvent)
    times[0] ??= events[0]?.at ?? ''
    times[1] = events.at(-1)?.at ?? ''
    yield events.map((event) => toJson(event))
  }
}

function warn(
  { location }: Store,
  { sink, problem }: SinkFailure,
  { after, upTo }: EventRange,
  [since = '', until = '']: readonly string[],
): void {
  const which = upTo - after === 1 ? `event ${upTo} was not` : `not all of the events ${after + 1} to ${upTo} were`
  const bounds = since === '' ? '' : ` --since ${since} --until ${until}`
  const replay = `admin audit log --format jsonl${bounds} --database ${shellQuote(location)}`
  writeWarning(`${which} forwarded to ${sink}: ${problem}\nwhat was changed stands; to hand it on later: ${replay}`)
}
