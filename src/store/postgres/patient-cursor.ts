import Cursor from 'pg-cursor'

/** What the driver tells of a connection. */
interface Connection {
  once(event: 'end', listener: () => void): unknown
}

/**
 * A cursor that the driver does not limit to the time of one answer: its timer counts from the first row to the last,
 * for which the driver has no end, so that it would cut off a long listing and keep a short one from ending. Where the
 * connection ends it waits no longer for what the server would have said: the driver's own cursor waits for ever, and
 * with nothing else left to do the program would end as if all were there.
 */
export class PatientCursor<Row> extends Cursor<Row> {
  #isEnded = false
  #giveUp: () => void = () => {}

  override submit(connection: Connection): void {
    // What the driver calls when an answer is there; of a cursor it never is.
    this.callback?.()
    connection.once('end', () => {
      this.#isEnded = true
      this.#giveUp()
    })
    super.submit(connection)
  }

  override read(rowsCount: number): Promise<Row[]> {
    return this.#unlessEnded(
      () => super.read(rowsCount),
      (_, reject) => reject(new Error('Connection terminated unexpectedly')),
    )
  }

  /** Never throws because the connection is gone: what is closed with it is closed. */
  override close(): Promise<void> {
    return this.#unlessEnded(
      () => super.close(),
      (resolve) => resolve(),
    )
  }

  /** No `Promise.race`: the end of the connection would hold on to every answer. */
  #unlessEnded<T>(ask: () => Promise<T>, onEnd: (resolve: (answer: T) => void, reject: Reject) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = () => onEnd(resolve, reject)
      if (this.#isEnded) this.#giveUp()
      else ask().then(resolve, reject)
    })
  }
}

type Reject = (failure: Error) => void
