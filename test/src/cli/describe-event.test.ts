import { describe, expect, test } from '@jest/globals'
import type { AuditEvent, EventState } from '../../../src/audit/event.ts'
import { eventColumns } from '../../../src/cli/describe-event.ts'
import type { Instant } from '../../../src/clock.ts'
import { analyst, engineer } from '../../support/arns.ts'

const pathed = 'arn:aws-us-gov:iam::210987654321:role/teams/data/on-call'
const end = '2027-03-01T00:00:00Z'

describe('what an event changed, in a table', () => {
  test.each<[string, EventState | null, EventState | null]>([
    ['+123456789012/analyst', null, cli([analyst])],
    ['+210987654321/teams/data/on-call until 2027-03-01T00:00:00Z', null, cli([pathed], end)],
    ['+210987654321/engineer -123456789012/analyst', cli([analyst]), cli([engineer])],
    [
      '+210987654321/teams/web/on-call -210987654321/teams/data/on-call',
      cli([pathed]),
      cli([pathed.replace('data', 'web')]),
    ],
    ['-123456789012/analyst', cli([analyst]), null],
    ['=', cli([analyst]), cli([analyst])],
    ['=', cli([analyst], end), cli([analyst], end)],
    ['=', null, null],
    ['until 2027-03-01T00:00:00Z', cli([analyst]), cli([analyst], end)],
    ['no end', cli([analyst], end), cli([analyst])],
    ['cli→sso', cli([analyst]), sso([analyst])],
    ['cli→sso +210987654321/engineer -123456789012/analyst', cli([analyst]), sso([engineer])],
    ['cli→sso -123456789012/analyst no roles', cli([analyst]), sso([])],
    ['no roles', null, sso([])],
    ['=', sso([]), sso([])],
  ])('is %s', (change, before, after) => {
    expect(cells('table', before, after).change).toBe(change)
  })

  test('stays in full, and empty where nothing was, in csv', () => {
    expect(cells('csv', null, cli([analyst, pathed], end))).toMatchObject({
      before: '',
      after: `cli:${analyst},${pathed} until ${end}`,
    })
  })
})

function cells(format: 'table' | 'csv', before: EventState | null, after: EventState | null) {
  const event: AuditEvent = {
    id: 1,
    at: '2026-03-01T12:00:00Z' as Instant,
    action: 'set',
    actor: 'root',
    actorUid: 0,
    host: 'host',
    username: 'alice',
    before,
    after,
    reason: null,
    details: null,
    previousHash: '',
    hash: '',
  }
  return Object.fromEntries(eventColumns(format).map(({ name, cell }) => [name, cell(event)]))
}

function cli(roleArns: readonly string[], expiresAt: string | null = null): EventState {
  return { source: 'cli', roleArns, expiresAt }
}

function sso(roleArns: readonly string[]): EventState {
  return { source: 'sso', roleArns, expiresAt: null }
}
