import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AdminError } from '../../../src/errors.ts'
import { parseRoleArnList } from '../../../src/iam/role-arn-list.ts'

const good = 'arn:aws:iam::123456789012:role/analyst'

function refusalOf(list: string): AdminError {
  try {
    parseRoleArnList(list)
  } catch (error) {
    if (error instanceof AdminError) return error
    throw error
  }
  throw new Error(`accepted: ${list}`)
}

describe('a role ARN', () => {
  test.each([
    ['a plain role', 'arn:aws:iam::123456789012:role/analyst'],
    ['a path', 'arn:aws:iam::123456789012:role/team/eu/data-scientist'],
    ['China', 'arn:aws-cn:iam::123456789012:role/analyst'],
    ['GovCloud', 'arn:aws-us-gov:iam::123456789012:role/analyst'],
    ['an isolated partition', 'arn:aws-iso-b:iam::123456789012:role/analyst'],
    ['the European Sovereign Cloud', 'arn:aws-eusc:iam::123456789012:role/analyst'],
    ['every character that IAM allows', 'arn:aws:iam::000000000000:role/a_Z0+=.@-'],
    ['64 characters', `arn:aws:iam::123456789012:role/${'n'.repeat(64)}`],
    ['a path of 512 characters', `arn:aws:iam::123456789012:role/${'p'.repeat(510)}/n`],
    ['a path with printable punctuation', 'arn:aws:iam::123456789012:role/!~/n'],
    ['a service role that people may trust', 'arn:aws:iam::123456789012:role/service-role/glue'],
  ])('may be %s', (_, arn) => {
    expect(parseRoleArnList(arn).roleArns).toEqual([arn])
  })

  test.each([
    [
      'a session',
      'arn:aws:sts::123456789012:assumed-role/x/y',
      'that is a session of role "x"; the role itself is arn:aws:iam::123456789012:role/x',
    ],
    [
      'a session of another partition',
      'arn:aws-cn:sts::123456789012:assumed-role/x/y',
      'arn:aws-cn:iam::123456789012:role/x',
    ],
    ['a federated user', 'arn:aws:sts::123456789012:federated-user/bob', 'an ARN of STS'],
    ['a user', 'arn:aws:iam::123456789012:user/bob', 'an IAM user'],
    ['a group', 'arn:aws:iam::123456789012:group/admins', 'an IAM group'],
    ['the root of an account', 'arn:aws:iam::123456789012:root', 'the account itself'],
    ['a policy', 'arn:aws:iam::aws:policy/AmazonAthenaFullAccess', 'a policy'],
    ['an instance profile', 'arn:aws:iam::123456789012:instance-profile/web', 'an instance profile'],
    [
      'a service-linked role',
      'arn:aws:iam::123456789012:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS',
      'service-linked',
    ],
    [
      'a reserved role',
      'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef',
      'Identity Center',
    ],
    [
      'a reserved role without its path',
      'arn:aws:iam::123456789012:role/AWSReservedSSO_Admin_0123456789abcdef',
      'Identity Center',
    ],
    ['11 digits', 'arn:aws:iam::12345678901:role/analyst', 'it has 11 digits, expected 12'],
    ['13 digits', 'arn:aws:iam::1234567890123:role/analyst', 'it has 13 digits, expected 12'],
    ['no account', 'arn:aws:iam:::role/analyst', 'expected 12 digits'],
    ['a region', 'arn:aws:iam:us-east-1:123456789012:role/analyst', 'arn:aws:iam::123456789012:role/analyst'],
    ['another service', 'arn:aws:s3:::bucket', 'the service "s3"'],
    ['an unknown partition', 'arn:aws2:iam::123456789012:role/analyst', 'partition "aws2"'],
    ['upper case', 'ARN:AWS:IAM::123456789012:ROLE/analyst', 'is not an ARN'],
    ['a bare name', 'analyst', 'expected arn:aws:iam::ACCOUNT:role/NAME'],
    ['quotation marks', `"${good}"`, `write ${good}`],
    ['no name', 'arn:aws:iam::123456789012:role/', 'has no role name'],
    ['a path without a name', 'arn:aws:iam::123456789012:role/team/', 'has no role name'],
    ['65 characters', `arn:aws:iam::123456789012:role/${'n'.repeat(65)}`, 'of 65 characters'],
    ['a space', 'arn:aws:iam::123456789012:role/data scientist', 'the role name "data scientist"'],
    ['a wildcard', 'arn:aws:iam::123456789012:role/*', 'the role name "*"'],
    ['a letter outside ASCII', 'arn:aws:iam::123456789012:role/josé', 'the role name "josé"'],
    ['a path of 514 characters', `arn:aws:iam::123456789012:role/${'p'.repeat(512)}/n`, 'a path of 514 characters'],
    ['two ARNs with a semicolon between', `${good};${good}`, 'separate role ARNs with commas'],
    ['a line feed within', 'arn:aws:iam::123456789012:role/a\nb', 'has the role name'],
  ])('is refused for %s, with the right form', (_, arn, reason) => {
    const error = refusalOf(`${good},${arn}`)
    expect(error.code).toBe('INVALID_ROLE_ARN')
    expect(error.message).toContain('role ARN 2 of 2')
    expect(error.message).toContain(reason)
  })
})

describe('a list of role ARNs', () => {
  test('keeps its order and loses duplicates', () => {
    const other = 'arn:aws:iam::123456789012:role/b'
    expect(parseRoleArnList(`${other}, ${good} ,${other}`)).toEqual({ roleArns: [other, good], duplicates: [other] })
  })

  test('reports every bad element with its position', () => {
    const { message, details } = refusalOf(`x,${good},,arn:aws:iam::1:role/y`)
    expect(message).toMatch(/role ARN 1 of 4 .*"x"/)
    expect(message).toMatch(/role ARN 3 of 4 is empty/)
    expect(message).toMatch(/role ARN 4 of 4 has the account id "1"/)
    expect(details).toMatchObject({ elements: [{ position: 1 }, { position: 3 }, { position: 4 }] })
  })

  test.each([
    ['nothing', ''],
    ['a comma at the end', `${good},`],
    ['a comma at the start', `,${good}`],
  ])('is refused with %s', (_, list) => {
    expect(refusalOf(list).message).toContain('is empty')
  })

  test('may not mix partitions', () => {
    const error = refusalOf(`${good},arn:aws-cn:iam::123456789012:role/analyst`)
    expect(error.message).toContain('role ARN 2 of 2 is in partition aws-cn, the first is in aws')
  })

  test('may have 100 elements and no more', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `${good}${index}`).join(',')
    expect(parseRoleArnList(many(100)).roleArns).toHaveLength(100)
    expect(refusalOf(many(101)).message).toContain('101 role ARNs, at most 100')
  })

  test('never lets anything through but ARNs of roles, and never fails in another way', () => {
    const fragment = fc.constantFrom(
      'arn:',
      'aws',
      ':iam',
      '::',
      '123456789012',
      ':role/',
      'x',
      ',',
      '/',
      '"',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fragment).map((parts) => parts.join('')),
        ),
        (list) => {
          try {
            for (const arn of parseRoleArnList(list).roleArns) {
              expect(arn).toMatch(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\x21-\x7e]+$/)
            }
          } catch (error) {
            if (!(error instanceof AdminError)) throw error
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('a refused element of any length', () => {
  test.each(['x', '"', 'arn:aws:sts::123456789012:assumed-role/', 'arn:', 'arn:aws:'])(
    'is cut, in message and details: %s…',
    (start) => {
      const { message, details } = refusalOf(`${start}${'x'.repeat(100_000)}${start === '"' ? '"' : ':a:b:c'}`)
      expect(message.length + JSON.stringify(details).length).toBeLessThan(4000)
    },
  )
})
