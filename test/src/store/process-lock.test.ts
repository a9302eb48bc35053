import { randomBytes } from 'node:crypto'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { withProcessLock } from '../../../src/store/sqlite/process-lock.ts'
import { temporaryDirectory } from '../../support/admin.ts'

const directory = temporaryDirectory()
const file = join(directory, 'lock')

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

test('what is no lock is not used, not changed, and named', async () => {
  const [garbage, link] = [join(directory, 'garbage'), join(directory, 'link')]
  const bytes = randomBytes(5000)
  writeFileSync(garbage, bytes)
  symlinkSync(join(directory, 'elsewhere'), link)
  for (const wrong of [garbage, link]) {
    await expect(withProcessLock(wrong, async () => 'done')).rejects.toMatchObject({
      code: 'REFUSED_UNSAFE_FILE',
      message: expect.stringContaining(`${wrong} is not used`),
      details: { file: wrong },
    })
  }
  expect(readFileSync(garbage)).toEqual(bytes)
})
