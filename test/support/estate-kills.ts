import { existsSync } from 'node:fs'
import { afterAll, describe, expect, test } from '@jest/globals'
import { admin } from './admin.ts'
import type { Estate } from './estate.ts'
import { expectCarriedOn, PATIENCE } from './estate-faults.ts'
import { Lab, type ScenarioName } from './estate-lab.ts'
import { sqlite } from './sqlite.ts'

/** So many estates are killed at a time. */
const AT_ONCE = 3

/** Declares the test that a run of the scenario is killed after each of its writes in turn, and that the next one carries on. */
export async function declareKills(name: ScenarioName): Promise<void> {
  const lab = await Lab.open(name)
  afterAll(() => lab.aws.stop())
  const { writes, state } = await lab.rehearse()
  const groups = inGroups(writes.map((_, index) => index + 1))

  describe(`${name}: a run that is killed with SIGKILL is carried on by the next`, () => {
    test.each(groups.map((group) => [group.join(', '), group] as const))(
      `after write %s of ${writes.length}`,
      (_, group) =>
        lab.inReady(group.length, async (estates) => {
          await Promise.all(
            estates.map(async (estate, index) => {
              const last = lastEvent(estate)
              const write = await lab.runAndKill(estate, group[index] ?? 0)
              await expectTrace(estate, write, last)
              await expectCarriedOn(lab, estate, state)
            }),
          )
        }),
      PATIENCE,
    )
  })
}

function inGroups(turns: readonly number[]): readonly (readonly number[])[] {
  return turns.filter((turn) => turn % AT_ONCE === 1).map((turn) => turns.slice(turn - 1, turn - 1 + AT_ONCE))
}

/** The number of the last event, 0 where nothing happened yet. */
function lastEvent({ env }: Estate): number {
  const file = env.ADMIN_DATABASE ?? ''
  return existsSync(file) ? sqlite(file, 'SELECT max(id) AS last FROM events')[0].last : 0
}

/** The chain is whole, and of the write that was under way there is the request without a response. */
async function expectTrace({ env }: Estate, write: string, last: number): Promise<void> {
  expect(await admin(['audit', 'verify'], { env })).toMatchObject({ exitCode: 0 })
  const callsOf = (action: string) =>
    `SELECT details ->> 'call' FROM events WHERE action = '${action}' AND id > ${last}`
  const unanswered: readonly { readonly write: string }[] = sqlite(
    env.ADMIN_DATABASE ?? '',
    `SELECT details ->> 'service' || ':' || (details ->> 'operation') AS write FROM events
     WHERE details ->> 'call' IN (${callsOf('aws-request')} EXCEPT ${callsOf('aws-response')})`,
  )
  expect(unanswered.map((call) => call.write)).toContain(write)
}
