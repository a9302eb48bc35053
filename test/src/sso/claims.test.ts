import { describe, expect, test } from '@jest/globals'
import { type ClaimRules, defaultClaimRules } from '../../../src/config/config.ts'
import type { AdminError } from '../../../src/errors.ts'
import { readRoleClaims, readUsername } from '../../../src/sso/claims.ts'
import { analyst, engineer } from '../../support/arns.ts'

const read = (claim: unknown, rules: Partial<ClaimRules> = {}) =>
  readRoleClaims({ aws_role_arn: claim }, { ...defaultClaimRules, ...rules }).roleArns

function refusal(work: () => unknown): AdminError {
  try {
    work()
  } catch (error) {
    return error as AdminError
  }
  throw new Error('nothing was refused')
}

describe('the claim with the role ARNs', () => {
  test.each<readonly [string, unknown, readonly string[]]>([
    ['one text', analyst, [analyst]],
    ['texts with commas between', `${analyst},${engineer}`, [analyst, engineer]],
    ['texts with commas and spaces between', ` ${analyst} , ${engineer} `, [analyst, engineer]],
    ['a list', [engineer, analyst], [engineer, analyst]],
    ['an empty list', [], []],
    ['the same twice', [analyst, analyst], [analyst]],
  ])('may be %s', (_, claim, expected) => {
    expect(read(claim)).toEqual(expected)
  })

  test('is absent only where it is not there', () => {
    expect(readRoleClaims({}, defaultClaimRules).roleArns).toBeNull()
    expect(readRoleClaims(Object.create({ aws_role_arn: analyst }), defaultClaimRules).roleArns).toBeNull()
    expect(readRoleClaims({}, { ...defaultClaimRules, roleArnClaim: 'constructor' }).roleArns).toBeNull()
  })

  test.each<readonly [string, unknown, string]>([
    ['null', null, 'is null, expected a text or a list of texts'],
    ['a number', 0, 'is a number'],
    ['a boolean', false, 'is a boolean'],
    ['an object', { 0: analyst }, 'is an object'],
    ['an empty text', '', 'is an empty text; a person without roles is an empty list, []'],
    ['white space', '  ', 'is an empty text'],
    ['a number in a list', [analyst, 1], 'has a number as element 2 of 2'],
    ['null in a list', [null], 'has null as element 1 of 1'],
    ['a list in a list', [[analyst]], 'has a list as element 1 of 1'],
    ['an empty element', [''], 'role ARN 1 of 1 is empty'],
    ['two ARNs in one element', [`${analyst},${engineer}`], 'comma'],
    ['a JSON list in a text', `["${analyst}"]`, 'is JSON inside a text'],
    ['a JSON text in a text', `"${analyst}"`, 'is JSON inside a text'],
    ['a JSON object in a text', '{}', 'is JSON inside a text'],
    ['a word', 'admin', 'role ARN 1 of 1 is not an ARN'],
    ['a session', 'arn:aws:sts::123456789012:assumed-role/x/y', 'that is a session of role "x"'],
  ])('is malformed where it is %s', (_, claim, says) => {
    const { code, message, details } = refusal(() => read(claim))
    expect(code).toBe('TOKEN_CLAIMS')
    expect(message).toContain('the claim "aws_role_arn" ')
    expect(message).toContain(says)
    expect(details.claim).toBe('aws_role_arn')
  })

  test('may be JSON inside a text where the configuration says so, and then a list only', () => {
    const rules = { acceptJsonString: true }
    expect(read(JSON.stringify([analyst, engineer]), rules)).toEqual([analyst, engineer])
    expect(read('[]', rules)).toEqual([])
    expect(read(`${analyst},${engineer}`, rules)).toEqual([analyst, engineer])
    for (const claim of ['{}', `"${analyst}"`, '[', '[1]', '[["x"]]']) {
      expect(refusal(() => read(claim, rules)).code).toBe('TOKEN_CLAIMS')
    }
  })
})

describe('the claim with the role session name', () => {
  const readName = (claim: unknown) =>
    readRoleClaims({ aws_role_session_name: claim }, defaultClaimRules).roleSessionName

  test.each(['al', 'alice@corp.example', 'a+b=c,d.e_f-g', 'x'.repeat(64)])('may be %j', (name) => {
    expect(readName(name)).toBe(name)
  })

  test.each([null, 1, [], {}, '', 'a', 'a b', 'auth0|x', 'josé', 'x'.repeat(65)])(
    'is malformed where it is %j',
    (name) => {
      expect(refusal(() => readName(name)).code).toBe('TOKEN_CLAIMS')
    },
  )
})

describe('the claim with the user name', () => {
  const readName = (payload: Record<string, unknown>, usernameClaim = 'preferred_username') =>
    readUsername(payload, { ...defaultClaimRules, usernameClaim })

  test('is read in normal form C, and its case is kept', () => {
    expect(readName({ preferred_username: 'Jose\u0301' })).toBe('Jos\u00e9')
    expect(readName({ 'https://corp.example/user.name': 'CORP\\alice' }, 'https://corp.example/user.name')).toBe(
      'CORP\\alice',
    )
  })

  test.each([null, 1, ['alice'], {}, '', '-x', 'a b', 'a,b', 'a/b', 'a:b', 'a\u0000', '\ud800', 'x'.repeat(257)])(
    'refuses %j',
    (name) => {
      expect(refusal(() => readName({ preferred_username: name })).code).toBe('TOKEN_USERNAME')
    },
  )

  test('names the claims that are there where it is not', () => {
    const { code, message } = refusal(() => readName({ sub: '1', upn: 'alice' }))
    expect({ code, message }).toEqual({
      code: 'TOKEN_USERNAME',
      message: 'the claim "preferred_username" is not there; the claims are "sub", "upn"',
    })
    expect(refusal(() => readName({}, 'constructor')).message).toContain('none at all')
  })
})
