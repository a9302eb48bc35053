import { expect, test } from '@jest/globals'
import { asksForAnotherWay } from '../../../src/database-servers/mysql-failures.ts'

test.each([
  ['ER_SECURE_TRANSPORT_REQUIRED', 'allow', true],
  ['ER_ACCESS_DENIED_ERROR', 'allow', true],
  ['ER_ACCESS_DENIED_ERROR', 'prefer', false],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'prefer', true],
  ['ECONNREFUSED', 'allow', false],
] as const)('after %s with sslmode=%s it is tried with or without TLS, as is left: %s', (code, mode, isAnother) => {
  expect(asksForAnotherWay(Object.assign(new Error('as the driver throws it'), { code }), mode)).toBe(isAnother)
})
