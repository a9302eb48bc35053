import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type NamedPolicy, type PolicyQuotas, packPolicies, policySize } from '../../../src/iam/policy-packing.ts'

const quotas: PolicyQuotas = { inlineTotal: 100, managedSize: 60, attachedPerRole: 10, alreadyAttached: 0 }

/** A policy whose document has so many characters. */
function sized(name: string, size: number): NamedPolicy {
  return { name, document: { s: 'x'.repeat(size - '{"s":""}'.length) } }
}

function named(packing: ReturnType<typeof packPolicies>) {
  if ('problem' in packing) return packing.problem
  return { inline: packing.inline.map(({ name }) => name), managed: packing.managed.map(({ name }) => name) }
}

test('the size of a policy is that of its text without white space', () => {
  expect(policySize({ Version: '2012-10-17', Statement: [] })).toBe('{"Version":"2012-10-17","Statement":[]}'.length)
  expect(policySize(sized('a', 40).document)).toBe(40)
})

describe('the policies of a role', () => {
  test.each<[string, readonly NamedPolicy[], Partial<PolicyQuotas>, object]>([
    ['stay inline while they fit', [sized('b', 50), sized('a', 50)], {}, { inline: ['a', 'b'], managed: [] }],
    ['stay inline though none could be managed', [sized('a', 100)], {}, { inline: ['a'], managed: [] }],
    [
      'stay inline though the role has too many managed policies already',
      [sized('a', 50)],
      { alreadyAttached: 20 },
      { inline: ['a'], managed: [] },
    ],
    [
      'lose the largest that fits a managed policy',
      [sized('a', 20), sized('b', 60), sized('c', 61)],
      {},
      { inline: ['a', 'c'], managed: ['b'] },
    ],
    [
      'lose the first by name of those that are equal',
      [sized('c', 40), sized('b', 40), sized('a', 40)],
      {},
      { inline: ['b', 'c'], managed: ['a'] },
    ],
    [
      'lose as many as must go, up to what the role can take',
      [sized('a', 60), sized('b', 60), sized('c', 60), sized('d', 60)],
      { alreadyAttached: 7 },
      { inline: ['d'], managed: ['a', 'b', 'c'] },
    ],
    ['stay inline without a known total', [sized('a', 900)], { inlineTotal: null }, { inline: ['a'], managed: [] }],
    ['stay inline without a known size', [sized('a', 900)], { managedSize: null }, { inline: ['a'], managed: [] }],
    [
      'stay inline without a known number',
      [sized('a', 900)],
      { attachedPerRole: null },
      { inline: ['a'], managed: [] },
    ],
    ['may be none', [], {}, { inline: [], managed: [] }],
  ])('%s', (_, policies, others, expected) => {
    expect(named(packPolicies(policies, { ...quotas, ...others }))).toEqual(expected)
  })

  test('are refused with counts where too much is left', () => {
    const policies = [sized('b', 12_000), sized('a', 345)]
    expect(named(packPolicies(policies, { ...quotas, inlineTotal: 10_240, managedSize: 6144 }))).toBe(
      'the inline policies "a", "b" would have 12,345 characters, this account allows 10,240; 12,000 would be left without those that fit a managed policy, which may have 6,144',
    )
  })

  test('are refused with counts where the role can take no more managed policies', () => {
    const policies = ['a', 'b', 'c'].map((name) => sized(name, 60))
    expect(named(packPolicies(policies, { ...quotas, alreadyAttached: 9 }))).toBe(
      'the inline policies "a", "b", "c" would have 180 characters, this account allows 100; 2 of them would have to become managed policies, and the role, which has 9 already, may have 10',
    )
  })
})

describe('whatever the policies of a role are', () => {
  const policies = fc
    .uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 8 })
    .chain((names) =>
      fc.tuple(...names.map((name) => fc.integer({ min: 8, max: 80 }).map((size) => sized(name, size)))),
    )
  const limits = fc.record({
    inlineTotal: fc.option(fc.integer({ min: 0, max: 300 })),
    managedSize: fc.option(fc.integer({ min: 0, max: 80 })),
    attachedPerRole: fc.option(fc.integer({ min: 0, max: 6 })),
    alreadyAttached: fc.integer({ min: 0, max: 6 }),
  })
  const total = (list: readonly NamedPolicy[]) => list.reduce((sum, { document }) => sum + policySize(document), 0)

  test('packing loses none and doubles none', () => {
    fc.assert(
      fc.property(policies, limits, (list, allowed) => {
        const packing = packPolicies(list, allowed)
        if ('problem' in packing) return
        const packed = [...packing.inline, ...packing.managed].map(({ name }) => name)
        expect(packed.toSorted()).toEqual(list.map(({ name }) => name).toSorted())
      }),
    )
  })

  test('packing exceeds no quota that is known, and moves nothing without need', () => {
    fc.assert(
      fc.property(policies, limits, (list, allowed) => {
        const { inlineTotal, managedSize, attachedPerRole, alreadyAttached } = allowed
        const packing = packPolicies(list, allowed)
        if (inlineTotal === null || managedSize === null || attachedPerRole === null) {
          expect(packing).toMatchObject({ managed: [] })
          return
        }
        if ('problem' in packing) return
        expect(total(packing.inline)).toBeLessThanOrEqual(inlineTotal)
        expect(packing.managed.filter(({ document }) => policySize(document) > managedSize)).toEqual([])
        if (packing.managed.length > 0) {
          expect(total(list)).toBeGreaterThan(inlineTotal)
          expect(packing.managed.length + alreadyAttached).toBeLessThanOrEqual(attachedPerRole)
        }
      }),
    )
  })

  test('packing refuses only what no choice of policies would make fit, and moves the fewest', () => {
    fc.assert(
      fc.property(policies, limits, (list, allowed) => {
        const { inlineTotal, managedSize, attachedPerRole, alreadyAttached } = allowed
        if (inlineTotal === null || managedSize === null || attachedPerRole === null) return
        const choices = subsets(list.filter(({ document }) => policySize(document) <= managedSize))
          .filter((moved) => total(list) - total(moved) <= inlineTotal)
          .map((moved) => moved.length)
          .filter((moved) => moved === 0 || moved + alreadyAttached <= attachedPerRole)
        const packing = packPolicies(list, allowed)
        expect('problem' in packing ? [] : [packing.managed.length]).toEqual(
          choices.length === 0 ? [] : [Math.min(...choices)],
        )
      }),
    )
  })

  test('packing does not depend on their order', () => {
    const shuffled = policies.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, limits, ([list, other], allowed) => {
        expect(packPolicies(other, allowed)).toEqual(packPolicies(list, allowed))
      }),
    )
  })
})

function subsets<Element>([first, ...others]: readonly Element[]): readonly (readonly Element[])[] {
  if (first === undefined) return [[]]
  const rest = subsets(others)
  return [...rest, ...rest.map((set) => [first, ...set])]
}
