import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { usernameProblem } from '../../../src/assignments/username.ts'
import { isRoleSessionName } from '../../../src/iam/role-session-name.ts'
import { defaultSessionName } from '../../../src/sessions/default-session-name.ts'

const username = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme' }),
    fc.string({ minLength: 1, maxLength: 90, unit: fc.constantFrom('a', 'A', '-', '=', '_', '.', 'é', '\\', '|') }),
  )
  .map((text) => text.normalize('NFC'))
  .filter((text) => usernameProblem(text) === null)

describe('the session name of a person without a claim', () => {
  test.each(['alice', 'alice@corp.example', 'Alice', 'a.b+c=d,e-f_g', 'x'.repeat(64), 'ab'])(
    'is the user name itself: %s',
    (name) => {
      expect(defaultSessionName(name)).toBe(name)
    },
  )

  test.each([
    ['josé', /^jose=[\w-]{22}$/],
    ['CORP\\alice', /^CORP-alice=[\w-]{22}$/],
    ['auth0|1234', /^auth0-1234=[\w-]{22}$/],
    ['a', /^a=[\w-]{22}$/],
    ['李', /^-=[\w-]{22}$/],
    ['x'.repeat(65), /^x{41}=[\w-]{22}$/],
  ])('is readable and marked where STS would not take it: %s', (name, expected) => {
    expect(defaultSessionName(name)).toMatch(expected)
  })

  test('is always one that STS takes', () => {
    fc.assert(fc.property(username, (name) => isRoleSessionName(defaultSessionName(name))))
  })

  test('is never that of somebody else', () => {
    fc.assert(
      fc.property(username, username, (one, other) => {
        fc.pre(one !== other)
        return defaultSessionName(one) !== defaultSessionName(other)
      }),
    )
  })

  test('is not that of somebody who calls themselves by the session name of another', () => {
    fc.assert(
      fc.property(username, (name) => {
        const taken = defaultSessionName(name)
        fc.pre(taken !== name)
        return defaultSessionName(taken) !== taken
      }),
    )
  })
})
