import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { withProcessLock } from '../../../src/store/sqlite/process-lock.ts'
import { temporaryDirectory } from '../../support/admin.ts'

const file = join(temporaryDirectory(), 'lock')

test('several who want a lock in one process have it one after another, and none waits for ever', async () => {
  const order: string[] = []
  const work = (name: string) => async () => {
    order.push(`${name} in`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    order.push(`${name} out`)
    if (name === 'b') throw new Error('b failed')
    return name
  }
  const ended = await Promise.allSettled(['a', 'b', 'c'].map((name) => withProcessLock(file, work(name))))
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
