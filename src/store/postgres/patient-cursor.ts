import Cursor from 'pg-cursor'

/**
 * A cursor that the driver does not limit to the time of one answer: its timer counts from the first row to the last,
 * for which the driver has no end, so that it would cut off a long listing and keep a short one from ending.
 */
export class PatientCursor<Row> extends Cursor<Row> {
  override submit(connection: unknown): void {
    // What the driver calls when an answer is there; of a cursor it never is.
    this.callback?.()
    super.submit(connection)
  }
}
