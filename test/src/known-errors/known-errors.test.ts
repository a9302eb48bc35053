import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { explainError } from '../../../src/diagnosis/explain-error.ts'
import { exitCodes } from '../../../src/errors.ts'
import { knownErrors } from '../../../src/known-errors/known-errors.ts'
import { projectRoot } from '../../support/admin.ts'
import { clientMessages } from '../../support/client-messages.ts'
import { fragments } from '../../support/error-fragments.ts'
import { messages } from '../../support/error-messages.ts'

const known = knownErrors().map(({ id }) => id)

describe('the table of known errors', () => {
  test.each(messages)('knows %s by what people saw: %s', (id, text) => {
    expect(explainError(text).matches.map((match) => match.id)).toEqual([id])
  })

  test.each(clientMessages)('knows %s by what the client prints: %s', (id, text) => {
    expect(explainError(text).matches.map((match) => match.id)).toEqual([id])
  })

  test.each(fragments)('knows %s by the few words that are left of it: %j', (id, text) => {
    expect(explainError(text).matches.map((match) => match.id)).toEqual([id])
  })

  test.each(Object.keys(exitCodes))('explains the code %s in one row, however it is printed', (code) => {
    const ids = [code, `${code.toLowerCase()}\n`, `{"code": "${code}"}`, `alice: failed (${code}): x`].map((text) =>
      explainError(text).matches.map((match) => match.id),
    )
    expect(ids).toEqual([ids[0], ids[0], ids[0], ids[0]])
    expect(knownErrors().filter(({ wholeText }) => wholeText?.test(code))).toHaveLength(1)
  })

  test.each([
    ['DENIED_CLIENT', 'admin sso check'],
    ['DENIED_VAULT_KEY', 'sudo ls -l /etc/admin/vault.key'],
    ['DENIED_LOGIN', 'admin sso login --username USERNAME'],
    ['DENIED_REFRESH_TOKEN', 'admin sso login --username USERNAME'],
    ['REFUSED_BROKEN_CHAIN', 'admin audit verify'],
    ['UNAVAILABLE_OUTPUT', 'df -h /var/lib/admin'],
  ])('sends whoever meets %s to %s first', (code, check) => {
    expect(explainError(code).matches[0]?.checks[0]).toBe(check)
  })

  test('takes a code for one of ours only where it is printed as such', () => {
    expect(() => explainError('rpc error (INTERNAL): DENIED_FILES, token_expired_at')).toThrow('no explanation')
  })

  test.each([
    ['curl: (60) SSL certificate problem: self-signed certificate', /truststore|psql|rds connect/],
    [
      'Could not connect to the endpoint URL: "https://sts.amazonaws.com/"',
      /5432|describe-db-instances|security-group/,
    ],
    ["curl: (7) Failed to connect to idp.example.com port 443: Couldn't connect", /5432|describe-db-instances/],
    ["ERROR 1049 (42000): Unknown database 'sales'", /psql|postgres/],
    ["Access denied for user 'jane'@'10.0.0.1' (using password: NO)", /psql|PGPASSWORD|pgpass/],
  ])('says of %s nothing that belongs to another matter', (text, foreign) => {
    expect(JSON.stringify(explainError(text))).not.toMatch(foreign)
  })

  test('knows a bare number only where it is all that was given', () => {
    expect(() => explainError('1251\nthe coffee machine is on fire')).toThrow('no explanation')
    expect(() => explainError('it took 2058 ms')).toThrow('no explanation')
  })

  test('has a message that was seen for each of its rows, and each row once', () => {
    expect([...new Set([...messages, ...clientMessages].map(([id]) => id))].sort()).toEqual([...known].sort())
    expect(new Set(known).size).toBe(known.length)
  })

  test('says of each what it means, why, where to look and where that is known from', () => {
    for (const { meaning, causes, checks, source } of knownErrors()) {
      expect([meaning, ...causes, ...checks, source].every((text) => text.length > 5)).toBe(true)
      expect([causes.length > 0, checks.length > 0, /\.$/.test(meaning)]).toEqual([true, true, false])
    }
  })

  test('has no general row before one that says more', () => {
    const isGeneral = knownErrors().map((row) => row.isGeneral === true)
    expect(isGeneral).toEqual([...isGeneral].sort())
  })

  test('names no command of ours that there is not, and no flag that it does not have', () => {
    const { commands } = JSON.parse(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'))
    const ours = knownErrors().flatMap(({ checks }) => checks.filter((check) => /^(sudo )?admin /.test(check)))
    const wrong = ours.filter(
      (check) =>
        !isThere(
          check
            .replace(/^sudo /, '')
            .split(' ')
            .slice(1),
          commands,
        ),
    )
    expect(ours.length).toBeGreaterThan(20)
    expect(wrong).toEqual([])
  })

  test.each([
    'rds token',
    'rds connect',
    'redshift credentials',
    'session credentials',
    'sso login',
    'sso refresh',
    'sso check',
  ])('sends to admin %s where that is the way', (command) => {
    expect(
      knownErrors()
        .flatMap(({ checks }) => checks)
        .filter((check) => check.startsWith(`admin ${command}`)),
    ).not.toEqual([])
  })

  test('has no repetition without an end, so that a log of any content is read in linear time', () => {
    for (const { source } of knownErrors().flatMap(({ pattern, wholeText }) => [pattern, wholeText ?? /none/]))
      expect(source).not.toMatch(/[^\\][*+]|\{\d+,\}/)
  })
})

function isThere(words: readonly string[], commands: Record<string, { flags: object }>): boolean {
  if (words[0] === '--version' || words[0] === '--help') return true
  const id = [words.slice(0, 2).join(':'), words[0] ?? ''].find((name) => name in commands)
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
  return id !== undefined && flags.every((flag) => flag in (commands[id]?.flags ?? {}))
}
