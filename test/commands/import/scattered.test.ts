import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { admin, temporaryDirectory } from '../../support/admin.ts'
import { exported, fileWith, importJson, newPlace, role } from '../../support/import-file.ts'

const directory = temporaryDirectory()
const pair = fc.record({ name: fc.integer({ min: 1, max: 6 }), arn: fc.integer({ min: 1, max: 4 }) })

test('lines about one person that stand apart mean what they mean together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 2, maxLength: 30 }), async (pairs) => {
      const csv = (list: typeof pairs) => list.map(({ name, arn }) => `user-${name},${role(arn)}\n`).join('')
      const [apart, together] = [newPlace(directory), newPlace(directory)]
      const one = await importJson(apart, fileWith(directory, csv(pairs)))
      const other = await importJson(together, fileWith(directory, csv(pairs.toSorted((a, b) => a.name - b.name))))
      expect(one.json).toEqual(other.json)
      expect(await exported(apart, 'jsonl')).toBe(await exported(together, 'jsonl'))
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('30,000 shuffled lines, bad ones among them, are told by their numbers', async () => {
  const env = newPlace(directory)
  const lines = Array.from({ length: 30_000 }, (_, index) => `user-${(index * 7919) % 10_007},${role(index % 50)}`)
  lines[12_345] = 'nobody'
  lines[23_456] = 'user-5,arn:aws-cn:iam::123456789012:role/x'
  const { json } = await importJson(env, fileWith(directory, lines.join('\n')), '--skip-invalid')
  expect(json).toMatchObject({ created: 10_007, invalid: [{ line: 12_346 }, { line: 23_457 }] })
  expect((await exported(env, 'csv')).split('\n')).toHaveLength(1 + 29_998 + 1)
  expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
}, 60_000)

test('a person on two lines of JSON Lines that stand apart is refused by the number of the second', async () => {
  const line = (name: string) => `${JSON.stringify({ username: name, roleArns: [role('a')] })}\n`
  const file = fileWith(directory, [line('a'), line('b'), line('a')].join(''))
  const { json } = await importJson(newPlace(directory), file)
  expect(json.error.details.invalid).toEqual([{ line: 3, reason: '"a" stands on line 1 already' }])
})
