import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Instant, systemClock } from '../../../src/clock.ts'
import { AdminError, type ErrorCode } from '../../../src/errors.ts'
import { isJsonObject } from '../../../src/iam/json-object.ts'
import { type CacheRequest, credentialCache } from '../../../src/sessions/credential-cache.ts'
import { withProcessLock } from '../../../src/store/sqlite/process-lock.ts'
import { temporaryDirectory } from '../../support/admin.ts'
import { testWithDisk, withSmallDisk } from '../../support/small-disk.ts'

interface Kept {
  readonly secret: string
  readonly expiration: Instant
}

const END = '2999-01-01T00:00:00Z' as Instant
const directory = temporaryDirectory()
let place: string
let warnings: string[]

beforeEach(() => {
  place = join(mkdtempSync(join(directory, 'cache-')), 'credentials')
  warnings = []
})

function get(fetch: () => Promise<string>, inputs: CacheRequest<Kept>['inputs'] = { user: 'a' }) {
  const warn = (text: string) => warnings.push(text)
  return credentialCache(place, systemClock, withProcessLock, warn).get<Kept>({
    kind: 'redshift',
    inputs,
    margin: 60,
    parse: (value) => (isJsonObject(value) ? (value as unknown as Kept) : null),
    fetch: async () => ({ secret: await fetch(), expiration: END }),
  })
}

describe('what is kept', () => {
  testWithDisk('is given out all the same where there is no space left for it', async () => {
    await withSmallDisk({ kilobytes: 16 }, async (disk) => {
      place = join(disk, 'credentials')
      mkdirSync(place, { mode: 0o700 })
      const isFull = () => writeFileSync(join(disk, 'taken'), Buffer.alloc(64 * 1024))
      expect(isFull).toThrow('ENOSPC')
      expect(await get(async () => 'fetched')).toEqual({
        value: { secret: 'fetched', expiration: END },
        isCached: false,
      })
      expect(warnings).toEqual([expect.stringMatching(/could not be kept.*\n?.*no space left/)])
      expect(readdirSync(place).filter((name) => !name.endsWith('.lock'))).toEqual([])
    })
  })

  test('has nothing beside it of writers that were killed, but what is being written now', async () => {
    mkdirSync(place, { mode: 0o700 })
    const [old, young] = ['.redshift-1.json.1-2.new', '.redshift-1.json.3-4.new'].map((name) => join(place, name)) as [
      string,
      string,
    ]
    for (const file of [old, young]) writeFileSync(file, 'secret', { mode: 0o600 })
    const anHourAgo = Date.now() / 1000 - 3600
    utimesSync(old, anHourAgo, anHourAgo)
    await get(async () => 'fetched')
    expect(readdirSync(place).filter((name) => name.endsWith('.new'))).toEqual(['.redshift-1.json.3-4.new'])
  })
})

describe('a fetch that fails', () => {
  const failing = (code: ErrorCode, calls: string[], name: string) => async () => {
    calls.push(name)
    await new Promise((resolve) => setTimeout(resolve, 50))
    throw new AdminError(code, `${name} failed`, { details: { awsError: 'Throttling' } })
  }

  test('for want of AWS fails for all who waited for it, and for nobody who comes later', async () => {
    const calls: string[] = []
    const asked = ['a', 'b', 'c', 'd'].map((name) => get(failing('UNAVAILABLE_AWS', calls, name)))
    const reasons = (await Promise.allSettled(asked)).map((one) => one.status === 'rejected' && one.reason)
    const shared = { code: 'UNAVAILABLE_AWS', message: 'a failed', details: { awsError: 'Throttling' } }
    expect(reasons).toEqual(Array.from({ length: 4 }, () => expect.objectContaining(shared)))
    await expect(get(failing('UNAVAILABLE_AWS', calls, 'later'))).rejects.toThrow('later failed')
    expect((await get(async () => 'fetched')).value.secret).toBe('fetched')
    expect(calls).toEqual(['a', 'later'])
    expect(readdirSync(place).filter((name) => name.endsWith('.failed'))).toEqual([])
  })

  test('of other inputs, or for another reason, is nobody else’s', async () => {
    const calls: string[] = []
    await Promise.allSettled([
      get(failing('UNAVAILABLE_AWS', calls, 'a')),
      get(failing('UNAVAILABLE_AWS', calls, 'other'), { user: 'other' }),
      get(failing('DENIED_AWS', calls, 'denied'), { user: 'b' }),
      get(failing('DENIED_AWS', calls, 'denied too'), { user: 'b' }),
    ])
    expect(calls.toSorted()).toEqual(['a', 'denied', 'denied too', 'other'])
  })
})
