import { describe, expect, test } from '@jest/globals'
import { translate } from '../../../src/aws/errors.ts'

const attempt = {
  action: 'iam:CreateRole',
  resource: 'role r',
  caller: 'arn:aws:iam::123456789012:user/bob',
  region: null,
}

function sdkError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('the words of AWS'), { name, $metadata: { httpStatusCode, attempts: 1 } })
}

describe('an error of AWS', () => {
  test.each([
    ['AccessDenied', 403, 'DENIED_AWS'],
    ['AccessDeniedException', 400, 'DENIED_AWS'],
    ['UnauthorizedOperation', 403, 'DENIED_AWS'],
    ['NotAuthorized', 400, 'DENIED_AWS'],
    ['AuthFailure', 401, 'DENIED_AWS_CREDENTIALS'],
    ['ExpiredToken', 403, 'DENIED_AWS_CREDENTIALS'],
    ['ExpiredTokenException', 403, 'DENIED_AWS_CREDENTIALS'],
    ['UnrecognizedClientException', 400, 'DENIED_AWS_CREDENTIALS'],
    ['InvalidClientTokenId', 403, 'DENIED_AWS_CREDENTIALS'],
    ['NoSuchEntityException', 404, 'NOT_FOUND_AWS'],
    ['ResourceNotFoundException', 400, 'NOT_FOUND_AWS'],
    ['DBClusterNotFoundFault', 404, 'NOT_FOUND_AWS'],
    ['DBInstanceNotFoundFault', 404, 'NOT_FOUND_AWS'],
    ['DBInstanceNotFound', 404, 'NOT_FOUND_AWS'],
    ['DBProxyNotFoundFault', 404, 'NOT_FOUND_AWS'],
    ['InvalidInstanceID.NotFound', 400, 'NOT_FOUND_AWS'],
    ['InvalidAssociationID.NotFound', 400, 'NOT_FOUND_AWS'],
    ['LimitExceeded', 409, 'REFUSED_QUOTA'],
    ['LimitExceededException', 409, 'REFUSED_QUOTA'],
    ['Throttling', 400, 'UNAVAILABLE_AWS'],
    ['ThrottlingException', 400, 'UNAVAILABLE_AWS'],
    ['RequestLimitExceeded', 503, 'UNAVAILABLE_AWS'],
    ['InternalServerException', 500, 'UNAVAILABLE_AWS'],
    ['InvalidDBClusterStateFault', 400, 'REFUSED_BY_AWS'],
    ['IncorrectState', 400, 'REFUSED_BY_AWS'],
    ['DeleteConflict', 409, 'REFUSED_BY_AWS'],
    ['EmulatorNotImplemented', 501, 'REFUSED_BY_AWS'],
  ])('%s with HTTP %i is %s', (name, status, code) => {
    expect(translate(sdkError(name, status), attempt)).toMatchObject({
      code,
      details: {
        action: 'iam:CreateRole',
        resource: 'role r',
        awsError: name.replace(/Exception$/, ''),
        awsMessage: 'the words of AWS',
      },
    })
  })

  test('that is none of AWS comes back as it is', () => {
    const bug = new TypeError('undefined is not a function')
    expect(translate(bug, attempt)).toBe(bug)
  })
})

test('credentials that could be had once and not again are a matter of credentials, and their helper is not quoted', () => {
  const gone = Object.assign(new Error('Command failed: helper --key CANARY'), { name: 'CredentialsProviderError' })
  const attempt = { action: 'iam:CreateRole', resource: 'role analyst', caller: null, region: null }
  const error = translate(gone, attempt)
  expect(error).toMatchObject({
    code: 'DENIED_AWS_CREDENTIALS',
    message: expect.stringContaining('could not be renewed, at iam:CreateRole on role analyst\nrenew them'),
  })
  expect(JSON.stringify([(error as Error).message, (error as { details: object }).details])).not.toContain('CANARY')
})

describe('what AWS says', () => {
  const said = (name: string, message: string, status = 400) =>
    translate(Object.assign(sdkError(name, status), { message }), attempt)

  test('is explained with the words of the table where it is known', () => {
    expect(said('LimitExceededException', 'Cannot exceed quota for ACLSizePerRole: 2048', 409)).toMatchObject({
      code: 'REFUSED_QUOTA',
      message: expect.stringContaining('\nmost likely: it lists too many subjects'),
      suggestions: expect.arrayContaining(['admin provision plan']),
      details: { awsError: 'LimitExceeded', knownError: 'trust-policy-too-long' },
    })
    expect(said('InvalidIdentityTokenException', 'Incorrect token audience')).toMatchObject({
      message: expect.stringContaining('is not among the client ids of the identity provider in IAM'),
      details: { knownError: 'audience-refused' },
    })
  })

  test('is not said twice where it is general, and left alone where it is not known', () => {
    const throttled = said('ThrottlingException', 'Rate exceeded')
    expect(throttled).toMatchObject({ suggestions: [], details: { knownError: 'throttled' } })
    expect((throttled as Error).message).toBe('AWS throttled iam:CreateRole\nit is safe to run the command again')
    expect(said('IncorrectState', 'the words of AWS')).toMatchObject({
      message: 'AWS refused iam:CreateRole on role r: the words of AWS',
      suggestions: [],
    })
  })
})
