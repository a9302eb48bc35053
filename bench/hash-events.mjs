/**
 * hash-events.mjs texts|bytes FILE: hashes every record of the file (four bytes of length, then so many bytes) in one
 * loop, and prints how many there were. What `audit verify` is measured against.
 */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [, , mode, file] = process.argv
const bytes = readFileSync(file)
const record =
  mode === 'texts' ? (start, end) => bytes.toString('utf8', start, end) : (start, end) => bytes.subarray(start, end)
let count = 0
for (let offset = 0; offset < bytes.length; ) {
  const start = offset + 4
  offset = start + bytes.readUInt32LE(offset)
  if (hash('sha256', record(start, offset), 'hex').length === 64) count += 1
}
console.log(count)
