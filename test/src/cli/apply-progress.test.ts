import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { lineView, liveView, type ProgressView } from '../../../src/cli/apply-progress.ts'
import type { AppliedChange, Change } from '../../../src/provisioning/plan.ts'
import { accountId } from '../../support/fake-account.ts'

const call = { service: 'iam', operation: 'CreateRole', input: {} } as const
const denied = { code: 'DENIED_AWS', message: 'AWS denied iam:CreateRole\nUser: somebody' }

function role(name: string): Change {
  return { account: accountId, kind: 'web-identity-role', name, action: 'create', fields: [], calls: [call] }
}

const done = (change: Change): AppliedChange => ({ ...change, status: 'done' })
const failed = (change: Change): AppliedChange => ({ ...change, status: 'failed', error: denied })
const begin = (view: ProgressView, change: Change) => view.show({ kind: 'begun', change })
const end = (view: ProgressView, change: AppliedChange) => view.show({ kind: 'ended', change })
const wait = (view: ProgressView, change: Change, reason = 'NoSuchEntity') =>
  view.show({ kind: 'waiting', change, call, reason })

describe('progress where nobody watches', () => {
  function recorded() {
    const lines: string[] = []
    return { lines, view: lineView((line) => void lines.push(stripVTControlCharacters(line))) }
  }

  test('is a line for each end, and one for the first wait of each change', () => {
    const { lines, view } = recorded()
    const [one, other] = [role('one'), role('other')]
    begin(view, one)
    begin(view, other)
    wait(view, one)
    wait(view, one)
    end(view, done(one))
    end(view, failed(other))
    view.end()
    expect(lines).toEqual([
      '… create web-identity-role one (123456789012): waiting for AWS to be ready for CreateRole: NoSuchEntity',
      '✔ create web-identity-role one (123456789012)',
      '✖ create web-identity-role other (123456789012): AWS denied iam:CreateRole',
    ])
  })

  test('shows what came from AWS without its control characters', () => {
    const { lines, view } = recorded()
    wait(view, role('a\u001b[2Jb'), 'No\u0007Such')
    end(view, { ...role('a'), status: 'failed', error: { code: 'DENIED_AWS', message: 'no\u001b]0;x\u0007' } })
    view.note('retry\u009b1m\nof it')
    expect(lines).toEqual([
      '… create web-identity-role a\\u{1b}[2Jb (123456789012): waiting for AWS to be ready for CreateRole: No\\u{7}Such',
      '✖ create web-identity-role a (123456789012): no\\u{1b}]0;x\\u{7}',
      'retry\\u{9b}1m\nof it',
    ])
  })
})

describe('progress at a terminal', () => {
  /** What is drawn at the bottom at the moment, and what stays above it. */
  function recorded(total: number) {
    const screen = { above: [] as string[], list: '' }
    const view = liveView(total, {
      draw(text) {
        screen.list = stripVTControlCharacters(text)
      },
      keep(line) {
        screen.above.push(stripVTControlCharacters(line))
        screen.list = ''
      },
      end() {
        screen.list = ''
      },
    })
    return { screen, view }
  }

  test('is a list of what is being done, with how far it all is', () => {
    const { screen, view } = recorded(3)
    const [one, other] = [role('one'), role('other')]
    begin(view, one)
    begin(view, other)
    wait(view, other)
    expect(screen).toEqual({
      above: [],
      list: [
        '… create web-identity-role one (123456789012)',
        '… create web-identity-role other (123456789012): waiting for AWS to be ready for CreateRole: NoSuchEntity',
        '0 of 3 done',
      ].join('\n'),
    })
    end(view, failed(other))
    expect(screen).toEqual({
      above: ['✖ create web-identity-role other (123456789012): AWS denied iam:CreateRole'],
      list: '… create web-identity-role one (123456789012)\n1 of 3 done',
    })
    end(view, done(one))
    expect(screen.list).toBe('2 of 3 done')
    view.end()
    expect(screen).toEqual({ above: [expect.any(String), '✔ create web-identity-role one (123456789012)'], list: '' })
  })

  test('keeps the list below what is told meanwhile', () => {
    const { screen, view } = recorded(1)
    begin(view, role('one'))
    view.note('tried\u0007 again')
    expect(screen).toEqual({
      above: ['tried\\u{7} again'],
      list: '… create web-identity-role one (123456789012)\n0 of 1 done',
    })
  })
})
