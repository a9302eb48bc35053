import { execFileSync } from 'node:child_process'

const PROGRAM = `
import json, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.row_factory = sqlite3.Row
for statement in json.load(sys.stdin):
    rows = [dict(row) for row in database.execute(statement)]
database.close()
json.dump(rows, sys.stdout)
`

/** Reads or edits a store by another road than ours: Python's own SQLite. Answers the rows of the last statement. */
export function sqlite(file: string, ...statements: readonly string[]) {
  const output = execFileSync('python3', ['-c', PROGRAM, file], {
    input: JSON.stringify(statements),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return JSON.parse(output)
}

/** What somebody with root's rights can do: the triggers are no obstacle to them. */
export function tamper(file: string, ...statements: readonly string[]): void {
  const triggers = ['events_are_chained', 'events_are_not_updated', 'events_are_not_deleted']
  sqlite(file, ...triggers.map((name) => `DROP TRIGGER IF EXISTS ${name}`), ...statements)
}
