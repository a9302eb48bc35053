import { describe, expect, test } from '@jest/globals'
import { explainPostgresConnection } from '../../../src/connection/postgres-failures.ts'

const place = {
  name: 'postgres://jane@db.example.com:5432/postgres',
  host: 'db.example.com',
  denied: 'DENIED_STORE',
  unavailable: 'UNAVAILABLE_STORE',
  afterwards: 'nothing was changed',
} as const

/** As PostgreSQL on RDS says it: a server of the tests has no PAM. */
const seen = (code: string, message: string) => explainPostgresConnection({ code, message, isFromServer: true }, place)

describe('a server that lets nobody in', () => {
  test('is explained with the words of the table', () => {
    expect(seen('28000', 'PAM authentication failed for user "jane"')).toMatchObject({
      code: 'DENIED_STORE',
      message: expect.stringContaining('most likely: rds-db:connect is missing for exactly this resource id and user'),
      details: { server: place.name, knownError: 'iam-login-refused' },
      suggestions: expect.arrayContaining(['aws sts get-caller-identity']),
    })
  })

  test('where the table has nothing to add is explained as before', () => {
    const { message, suggestions } = seen('28P01', 'password authentication failed for user "jane"') ?? {}
    expect(message).toMatch(/\(pg_hba\.conf\) decide$/)
    expect(suggestions).toEqual([])
  })

  test('is not the reason of another failure', () => {
    expect(seen('42601', 'syntax error')).toBeNull()
  })
})
