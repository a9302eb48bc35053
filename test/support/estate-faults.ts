import { afterAll, describe, expect, test } from '@jest/globals'
import type { FaultKind } from './aws-emulator.ts'
import { type Estate, stateOf } from './estate.ts'
import { Lab, run, type ScenarioName } from './estate-lab.ts'

interface Trouble {
  /** Of the first request, of the second, and so on. */
  readonly kinds: readonly FaultKind[]
  /** Whether the run gets over it by itself; else it stays. */
  readonly isPassing: boolean
  /** What the log must show beside what went well, so that it did happen. */
  readonly statuses: readonly number[]
}

const TROUBLES: readonly Trouble[] = [
  { kinds: ['throttle', 'unavailable', 'drop-before', 'apply-then-drop'], isPassing: true, statuses: [0, 0, 400, 503] },
  { kinds: ['deny'], isPassing: false, statuses: [403] },
]

/** In milliseconds, on a machine that is busy with other things. */
export const PATIENCE = 180_000

/** The SDK tries so many times; each of the passing faults costs one. */
const env = { AWS_MAX_ATTEMPTS: '5' }

/**
 * Declares, for each kind of call that a run of the scenario makes, the tests of its faults. Those of one call happen at
 * the same time, each in an estate of its own.
 */
export async function declareFaults(name: ScenarioName): Promise<void> {
  const lab = await Lab.open(name)
  afterAll(() => lab.aws.stop())
  const { writes, state, again } = await lab.rehearse()

  test(`${name}: where nothing goes wrong the next run has nothing to do`, () => expect(again).toEqual([]))

  describe(`${name}: a call that is throttled, then unanswered, then cut off, then cut off when it was done; or denied`, () => {
    test.each([...new Set(writes)])(
      '%s: the run ends clearly, the next converges',
      (write) => lab.inReady(TROUBLES.length, (estates) => survive(lab, estates, write, state)),
      PATIENCE,
    )
  })
}

async function survive(lab: Lab, estates: readonly Estate[], write: string, state: unknown): Promise<void> {
  const troubled = estates.flatMap((estate, index) =>
    TROUBLES.slice(index, index + 1).map((trouble) => ({ estate, trouble })),
  )
  lab.aws.inject(
    ...troubled.flatMap(({ estate: { account }, trouble: { kinds, isPassing } }) =>
      kinds.map((kind, index) => ({ action: write, kind, account, from: index + 1, times: isPassing ? 1 : 99 })),
    ),
  )
  await Promise.all(troubled.map(({ estate, trouble }) => expectClearEnd(lab, estate, write, trouble)))
  lab.aws.inject()
  await Promise.all(
    troubled.map(({ estate, trouble: { isPassing } }) =>
      isPassing ? expectState(estate, state) : expectCarriedOn(lab, estate, state),
    ),
  )
}

async function expectClearEnd(
  lab: Lab,
  estate: Estate,
  write: string,
  { isPassing, statuses }: Trouble,
): Promise<void> {
  const from = lab.aws.requests.length
  const { exitCode, json, stderr } = await run(estate, lab.argv(estate), { env })
  const answers = lab.answers(estate, write, from)
  expect(answers).toEqual(expect.arrayContaining([...statuses]))
  expect(answers.filter((status) => status === 0).length).toBe(statuses.filter((status) => status === 0).length)
  expect(stderr).not.toMatch(/^ +at /m)
  if (isPassing) expect({ exitCode, errors: errorsOf(json) }).toEqual({ exitCode: 0, errors: [] })
  else expectDenied(write, exitCode, json)
}

/** What a failed test should show. */
function errorsOf(json: { readonly changes?: readonly { readonly error?: unknown }[]; readonly error?: unknown }) {
  return [
    ...(json.error === undefined ? [] : [json.error]),
    ...(json.changes ?? []).flatMap(({ error }) => error ?? []),
  ]
}

/** Part of it is done, or nothing was: in either case it says what was denied. */
function expectDenied(write: string, exitCode: number | null, json: unknown): void {
  const error = { code: 'DENIED_AWS', message: expect.stringContaining(`AWS denied ${write}`) }
  const failed = expect.objectContaining({ status: 'failed', error })
  const expected = exitCode === 6 ? { error } : { changes: expect.arrayContaining([failed]) }
  expect([6, 8]).toContain(exitCode)
  expect(json).toMatchObject(expected)
}

/** The next run ends well, and all is as if nothing had gone wrong. */
export async function expectCarriedOn(lab: Lab, estate: Estate, state: unknown): Promise<void> {
  expect(await run(estate, lab.argv(estate))).toMatchObject({ exitCode: 0, json: { summary: { failed: 0 } } })
  await expectState(estate, state)
}

/** All is as if nothing had gone wrong: the next run has nothing to do. */
async function expectState(estate: Estate, state: unknown): Promise<void> {
  expect(await stateOf(estate)).toEqual(state)
}
