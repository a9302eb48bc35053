import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { admin, startAdmin, temporaryDirectory } from '../support/admin.ts'
import { describeEngines, type TestStore } from '../support/engines.ts'
import { fileWith, role } from '../support/import-file.ts'
import { atTerminal, keys } from '../support/terminal.ts'

const directory = temporaryDirectory()
const PEOPLE = 3000
const POINTS = 50

/** Everybody gets two roles of the one number or the other. */
function peopleWith(number: number): string {
  const lines = Array.from({ length: PEOPLE }, (_, index) =>
    [0, 1].map((of) => `user-${index},${role(`${number}-${of}`)}\n`),
  )
  return lines.flat().join('')
}

/** How much there is of everything, and which of the two numbers people have; one query, so that it is of one moment. */
async function stateOf({ rows }: TestStore): Promise<Record<string, unknown>> {
  const [state = {}] = await rows(
    `SELECT (SELECT count(*) FROM assignment_roles) AS held, (SELECT count(*) FROM assignments) AS users,
       (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM event_roles) AS eventroles,
       min(substr(name, 1, 1)) AS number, count(DISTINCT substr(name, 1, 1)) AS numbers
     FROM assignment_roles JOIN roles ON roles.id = role_id`,
  )
  return state
}

describeEngines('an import', (engine) => {
  test(`killed at ${POINTS} random moments leaves the store as before or as after, and works when it is run again`, async () => {
    const store = await engine.newStore()
    const env = { ADMIN_DATABASE: store.url }
    const files = [1, 2].map((number) => fileWith(directory, peopleWith(number)))
    const started = performance.now()
    expect((await admin(['import-aws-role-arns', files[0] ?? ''], { env })).exitCode).toBe(0)
    const usual = performance.now() - started
    let events = PEOPLE
    let number = 1
    for (let point = 0; point < POINTS; point += 1) {
      const child = startAdmin(['import-aws-role-arns', files[2 - number] ?? ''], { env })
      const timer = setTimeout(() => child.kill('SIGKILL'), (0.1 + Math.random()) * usual)
      await new Promise((resolve) => child.on('close', resolve))
      clearTimeout(timer)
      const state = await stateOf(store)
      if (state.number !== String(number)) {
        number = Number(state.number)
        events += PEOPLE
      }
      expect(state).toMatchObject({
        held: 2 * PEOPLE,
        users: PEOPLE,
        numbers: 1,
        events,
        eventroles: 4 * events - 2 * PEOPLE,
      })
    }
    expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
    const again = await admin(['import-aws-role-arns', files[2 - number] ?? ''], { env })
    expect(again.stdout).toContain('3,000 replaced')
    expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
  }, 120_000)
})

test('an import at a terminal shows how far it is, and Ctrl-C leaves the store as it was', async () => {
  const env = { ADMIN_DATABASE: join(directory, 'terminal', 'admin.db') }
  await admin(['set-aws-role-arns', 'alice', role('first')], { env })
  const lines = Array.from({ length: 300_000 }, (_, index) => `user-${index},${role(index % 50)}\n`)
  const file = fileWith(directory, lines.join(''))
  const steps = [{ expect: 'importing' }, { expect: 'lines/s' }, { expect: ' left' }, { send: keys.interrupt }]
  const run = await atTerminal(['import-aws-role-arns', file], steps, { env })
  expect(run).toMatchObject({ exitCode: 3, screen: expect.stringContaining('interrupted; nothing was changed') })
  expect((await admin(['export-aws-role-arns'], { env })).stdout).toBe(`username,role_arn\nalice,${role('first')}\n`)
  expect((await admin(['audit', 'verify'], { env })).stdout).toContain('1 event')
}, 60_000)
