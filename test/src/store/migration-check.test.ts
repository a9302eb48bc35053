import { describe, expect, test } from '@jest/globals'
import { pendingMigrations } from '../../../src/store/migration-check.ts'

const step = (name: string, checksum = `sum of ${name}`) => ({ name, checksum })
const known = [step('0001-a'), step('0002-b'), step('0003-c')]

describe('the history of a store', () => {
  test.each([
    ['a new store has everything before it', [], ['0001-a', '0002-b', '0003-c']],
    ['an older store has the rest before it', [step('0001-a')], ['0002-b', '0003-c']],
    ['a store of today has nothing before it', known, []],
  ])('%s', (_, applied, pending) => {
    expect(pendingMigrations(known, applied).map(({ name }) => name)).toEqual(pending)
  })

  test.each([
    ['a changed step', [step('0001-a', 'another sum')], 'was changed after it was applied'],
    [
      'a step that is missing here',
      [step('0001-a'), step('0001-x')],
      '0001-x was applied to this store and is missing here',
    ],
    ['steps out of order', [step('0002-b')], 'was applied to this store before 0001-a'],
    ['a step of a newer version', [...known, step('0004-d')], 'older than the store'],
  ])('%s is refused', (_, applied, reason) => {
    expect(() => pendingMigrations(known, applied)).toThrow(
      expect.objectContaining({ code: 'REFUSED_MIGRATIONS', message: expect.stringContaining(reason) }),
    )
  })
})
