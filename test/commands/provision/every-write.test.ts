import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { WRITES } from '../../../src/aws/writes.ts'
import type { Estate } from '../../support/estate.ts'
import { Lab, run, type ScenarioName, scenarioNames } from '../../support/estate-lab.ts'
import { loginName } from '../../support/people.ts'
import { sqlite } from '../../support/sqlite.ts'

const secret = 'hunter2hunter2'

interface Event {
  readonly action: string
  readonly actor: string
  readonly reason: string | null
  readonly details: string
}

/** What a plan, the run and the same run again wrote to AWS, and to the audit log. */
interface Course {
  readonly planned: readonly string[]
  readonly written: readonly string[]
  readonly writtenAgain: readonly string[]
  readonly exitCodes: readonly (number | null)[]
  readonly events: readonly Event[]
  readonly estate: Estate
}

const courses = new Map<ScenarioName, Course>()
beforeAll(async () => {
  for (const name of scenarioNames) courses.set(name, await courseOf(name))
}, 120_000)

async function courseOf(name: ScenarioName): Promise<Course> {
  const lab = await Lab.open(name)
  const estate = await lab.ready()
  const outcomeOf = async (argv: readonly string[]) => {
    const begun = lab.aws.requests.length
    const { exitCode } = await run(estate, argv, { env: { AWS_SECRET_ACCESS_KEY: secret } })
    return { exitCode, writes: lab.writes(estate, begun) }
  }
  const plan = await outcomeOf(['provision', 'plan', estate.full, '--adopt'])
  const before = eventsOf(estate).length
  const first = await outcomeOf([...lab.argv(estate), '--reason', 'quarterly review'])
  const second = await outcomeOf(lab.argv(estate))
  const events = eventsOf(estate).slice(before)
  await lab.aws.stop()
  const exitCodes = [plan, first, second].map(({ exitCode }) => exitCode)
  return { planned: plan.writes, written: first.writes, writtenAgain: second.writes, exitCodes, events, estate }
}

/** A store is made by the first event. */
function eventsOf({ env }: Estate): readonly Event[] {
  const file = env.ADMIN_DATABASE ?? ''
  return existsSync(file) ? sqlite(file, 'SELECT action, actor, reason, details FROM events ORDER BY id') : []
}

function course(name: ScenarioName): Course {
  const seen = courses.get(name)
  if (seen === undefined) throw new Error(`${name} was not run`)
  return seen
}

describe.each(scenarioNames)('%s', (name) => {
  test('is planned without a write, and written once', () => {
    const { planned, writtenAgain, exitCodes } = course(name)
    expect({ planned, writtenAgain, exitCodes }).toEqual({ planned: [], writtenAgain: [], exitCodes: [0, 0, 0] })
  })

  test('leaves an event before each write and one after it, which say who, why, where and what came of it', () => {
    const { written, events, estate } = course(name)
    const calls = events.map(({ details, ...event }) => ({ ...event, ...JSON.parse(details) }))
    const requests = calls.filter(({ action }) => action === 'aws-request')
    expect(requests.map(({ service, operation }) => `${service}:${operation}`).sort()).toEqual([...written].sort())
    expect(calls).toHaveLength(2 * written.length)
    for (const { call, service, operation } of requests) {
      const common = { account: estate.account, spec: 'estate', service, operation, reason: 'quarterly review' }
      expect(calls.filter((other) => other.call === call)).toMatchObject([
        { ...common, action: 'aws-request', actor: loginName(), input: expect.any(Object) },
        { ...common, action: 'aws-response', actor: loginName(), outcome: 'done' },
      ])
    }
  })

  test('leaves no secret in them', () => {
    const { events, estate } = course(name)
    expect(events.length).toBeGreaterThan(0)
    for (const word of [secret, estate.env.AWS_ACCESS_KEY_ID]) expect(JSON.stringify(events)).not.toContain(word)
  })
})

test('all of them together write everything that can be written', () => {
  const written = new Set(scenarioNames.flatMap((name) => course(name).written))
  const all = Object.entries(WRITES).flatMap(([service, operations]) => operations.map((name) => `${service}:${name}`))
  expect([...written].sort()).toEqual(all.sort())
})
