import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, temporaryDirectory } from '../../support/admin.ts'
import { analyst } from '../../support/arns.ts'
import { sqlite, tamper } from '../../support/sqlite.ts'

const file = join(temporaryDirectory(), 'admin.db')
const takeover = '\u001b[2J\u001b]0;owned\u0007'
/** Names that the command line takes, and names that only an edited store holds. */
const legal = [
  '=cmd|calc',
  '+1',
  '@SUM(A1)',
  '\uff1dHYPERLINK("x")',
  'a;=1+1',
  "'=1+1",
  'quo"te',
  "o'neil",
  'CORP\\eve',
  'x'.repeat(256),
]
const edited = [`esc${takeover}`, 'right\u202eleft', 'two\nlines', 'com,ma', 'nul\u0000', '\u2028', '-dash', '<script>']
const names = [...legal, ...edited]

beforeAll(async () => {
  await admin(['set-aws-role-arns', 'seed', analyst, '--reason', '=1+1; "quoted", \u4f60'], { env })
  const rows = names.map((_, index) => index + 2)
  const insert = (name: string, id: number) => [
    `INSERT INTO users (id, username) VALUES (${id}, ${literal(name)})`,
    `INSERT INTO assignments SELECT ${id}, source, set_at, ${literal(name)}, expires_at FROM assignments WHERE user_id = 1`,
    `INSERT INTO assignment_roles VALUES (${id}, 1, 1)`,
  ]
  sqlite(file, ...rows.flatMap((id, index) => insert(names[index] ?? '', id)), 'SELECT 1')
  const columns = 'action, actor, actor_uid, host, username, before, after, reason, details, previous_hash, hash'
  tamper(
    file,
    ...names.map(
      (name, index) =>
        `INSERT INTO events (id, at, ${columns}) SELECT ${index + 2}, at, ${columns
          .replace('actor,', `${literal(name)},`)
          .replace('username', literal(name))
          .replace('reason', literal(name))} FROM events WHERE id = 1`,
    ),
    `UPDATE events SET after = '{"source":"cli","roleArns":[1]}' WHERE id = 3`,
    `UPDATE events SET after = 'no json', before = '[]', details = '7' WHERE id = 4`,
    'SELECT 1',
  )
})

const env = { ADMIN_DATABASE: file }
const commands = [
  ['assignments'],
  ['who-has', analyst],
  ['who-has', '*'],
  ['assignments', '--as-of', '0m'],
  ['log'],
] as const

describe.each(commands.map((command) => [command.join(' '), command] as const))(
  'hostile values in audit %s',
  (_, command) => {
    test.each(['table', 'csv', 'jsonl', 'json'])('act on nothing that shows them as %s', async (format) => {
      const { stdout, exitCode } = await admin(['audit', ...command, '--format', format], { env })
      expect(exitCode).toBe(0)
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    })

    test('are the same values to who reads the JSON', async () => {
      const { stdout } = await admin(['audit', ...command, '--json'], { env })
      const seen = new Set(JSON.parse(stdout).map(({ username }: { username: string }) => username))
      const broken = command.includes('--as-of' as never) ? names.slice(1, 3) : []
      expect(names.filter((name) => !broken.includes(name) && !seen.has(name))).toEqual([])
    })

    test('stand in one cell each of the CSV, and none is a formula', async () => {
      const { stdout } = await admin(['audit', ...command, '--format', 'csv'], { env })
      const read =
        'import csv, io, json, sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.read(), newline="")))))'
      const rows: string[][] = JSON.parse(execFileSync('python3', ['-c', read], { input: stdout, encoding: 'utf8' }))
      expect(new Set(rows.map((row) => row.length)).size).toBe(1)
      const cells = rows.slice(1).flat()
      expect(cells.filter((cell) => /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/.test(cell))).toEqual([])
      expect(cells).toEqual(
        expect.arrayContaining(["'=cmd|calc", "a;'=1+1", "''=1+1", 'quo"te', 'x'.repeat(256), 'com,ma']),
      )
    })
  },
)

function literal(text: string): string {
  return `CAST(X'${Buffer.from(text, 'utf8').toString('hex')}' AS TEXT)`
}
