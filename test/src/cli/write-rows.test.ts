import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Column, ListFormat } from '../../../src/cli/formats.ts'
import { writeRows } from '../../../src/cli/write-rows.ts'

const columns: readonly Column<string>[] = [{ name: 'word', cell: (word) => word }]
let written = ''

beforeEach(() => {
  written = ''
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text.toString()
    return true
  })
})

afterEach(() => {
  jest.restoreAllMocks()
})

describe('a listing', () => {
  test.each([['table'], ['csv']] as const)('escapes what could act on a terminal in a %s', async (format) => {
    await write(['a\u202eb\u001b[2J'], format)
    expect(written).toContain('a\\u{202e}b\\u{1b}[2J')
  })

  test('leaves an empty cell of csv empty', async () => {
    await write([''], 'csv')
    expect(written).toBe('word\n\n')
  })

  test('writes no JSON document that it cannot finish', async () => {
    await expect(write(['one', 'two'], 'json', true)).rejects.toThrow('broken')
    expect(written).toBe('')
  })

  test('writes long JSON documents whole', async () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `é${index}`)
    await write(words, 'json')
    expect(JSON.parse(written)).toEqual(words)
  })
})

async function write(words: readonly string[], format: ListFormat, isBroken = false): Promise<void> {
  await writeRows(rows(words, isBroken), { columns, format, nothing: 'nothing' })
}

async function* rows(words: readonly string[], isBroken: boolean): AsyncGenerator<string> {
  yield* words
  if (isBroken) throw new Error('broken')
}
