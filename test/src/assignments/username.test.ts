import { describe, expect, test } from '@jest/globals'
import { parseUsername } from '../../../src/assignments/username.ts'

describe('a user name', () => {
  test.each([
    'alice',
    'alice@corp.example',
    'CORP\\alice',
    'josé',
    'a',
    '名前',
    "o'brien",
    '$(id)',
    'x'.repeat(256),
    '😀'.repeat(256),
  ])('may be %j', (name) => {
    expect(parseUsername(name)).toBe(name.normalize('NFC'))
  })

  test('is one name however its accents are composed', () => {
    expect(parseUsername('jose\u0301')).toBe('jos\u00e9')
  })

  test('keeps its case', () => {
    expect(parseUsername('Alice')).not.toBe(parseUsername('alice'))
  })

  test.each([
    ['nothing', '', 'it is empty'],
    ['a hyphen at the start', '-rf', 'begins with "-"'],
    ['a space', 'alice smith', 'white space'],
    ['a no-break space', 'alice\u00a0smith', 'white space'],
    ['a comma', 'alice,bob', '","'],
    ['a slash', '../alice', '"/"'],
    ['a colon', 'alice:bob', '":"'],
    ['a line feed', 'alice\nbob', 'U+000A'],
    ['an escape', '\u001b[31m', 'U+001B'],
    ['a NUL', 'alice\0', 'U+0000'],
    ['a C1 control', 'alice\u009b', 'U+009B'],
    ['a lone surrogate', 'alice\ud800', 'not valid Unicode'],
    ['bytes that were no UTF-8', 'a\ufffd', 'not valid UTF-8'],
    ['257 characters', 'x'.repeat(257), '257 characters'],
  ])('is refused with %s', (_, name, reason) => {
    expect(() => parseUsername(name)).toThrow(
      expect.objectContaining({ code: 'INVALID_USERNAME', message: expect.stringContaining(reason) }),
    )
  })
})
