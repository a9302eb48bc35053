import { describe, expect, test } from '@jest/globals'
import type { ObservedDatabase } from '../../../src/provisioning/aws-port.ts'
import { refuseDistantWait, waitUntilActive } from '../../../src/provisioning/wait-until-active.ts'
import { accountWith, observedDatabase } from '../../support/observed-database.ts'

const request = { kind: 'instance', identifier: 'sales', isEnabled: true } as const
const off = observedDatabase({ pending: { IAMDatabaseAuthenticationEnabled: true } })
const changing = observedDatabase({ status: 'configuring-iam-database-auth', iamAuthentication: true })
const on = observedDatabase({ iamAuthentication: true })

/** Waits without a clock: how long, what was said, and how it ended. */
function wait(first: ObservedDatabase | null, ...later: readonly (ObservedDatabase | null)[]) {
  const slept: number[] = []
  const said: string[] = []
  const ended = waitUntilActive(accountWith(first, ...later), request, {
    sleep: async (milliseconds) => void slept.push(milliseconds),
    isInterrupted: () => slept.length === 5,
    onWait: (words) => void said.push(words),
  })
  return { ended, slept, said }
}

describe('waiting for IAM authentication', () => {
  test('ends at once where the database has it', async () => {
    const { ended, slept, said } = wait(on)
    expect(await ended).toBe(true)
    expect({ slept, said }).toEqual({ slept: [], said: [] })
  })

  test('goes on while it looks at rest, while it changes, and while it cannot be seen', async () => {
    const { ended, slept, said } = wait(off, null, changing, on)
    expect(await ended).toBe(true)
    expect(slept).toEqual([1000, 2000, 4000])
    expect(said).toEqual(['Waiting for "sales": available'])
  })

  test('ends where it is interrupted', async () => {
    const { ended, slept } = wait(off)
    expect(await ended).toBe(false)
    expect(slept).toEqual([1000, 2000, 4000, 8000, 15_000])
  })

  test('ends after half an hour, and says what is seen', async () => {
    let waited = 0
    const ended = waitUntilActive(accountWith(changing), request, {
      sleep: async (milliseconds) => {
        waited += milliseconds
      },
      isInterrupted: () => false,
      onWait: () => {},
    })
    await expect(ended).rejects.toMatchObject({
      code: 'UNAVAILABLE_AWS',
      message: expect.stringMatching(/^"sales" is configuring-iam-database-auth after half an hour/),
    })
    expect(waited).toBeGreaterThanOrEqual(30 * 60_000)
    expect(waited).toBeLessThan(31 * 60_000)
  })
})

describe('a wait for the maintenance window', () => {
  test.each([
    ['that is to come', false, true, false, true],
    ['of what is to be off', true, false, false, true],
    ['that need not come', false, true, true, false],
    ['for what is on already', true, true, false, false],
    ['for what is off already', false, false, false, false],
  ])(
    '%s (on %s, wanted %s, at once %s) is refused: %s',
    (_, iamAuthentication, isEnabled, applyImmediately, isRefused) => {
      const ask = () =>
        refuseDistantWait(observedDatabase({ iamAuthentication }), { ...request, isEnabled, applyImmediately })
      if (isRefused) expect(ask).toThrow('"sales" changes in its next maintenance window, which may be days away')
      else expect(ask).not.toThrow()
    },
  )
})
