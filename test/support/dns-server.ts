import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'

const CNAME = 5
const IN = 1
const NAME_ERROR = 3
const SERVER_FAILURE = 2

/**
 * Aliases by name. `failing` is answered with a failure of the server, `plain` with no record, whatever else is not there
 * with a name error.
 */
export type Aliases = Readonly<Record<string, string>>

export interface DnsServer {
  /** As `setServers` of node:dns takes it. */
  readonly address: string
  readonly stop: () => Promise<void>
}

/** A DNS server on the loopback interface that knows some CNAME records (RFC 1035 §4). */
export async function startDns(aliases: Aliases): Promise<DnsServer> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => socket.send(answer(query, aliases), port, address))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, stop: () => new Promise((resolve) => socket.close(() => resolve())) }
}

function answer(query: Buffer, aliases: Aliases): Buffer {
  const { name, end } = readName(query)
  const target = aliases[name]
  const code =
    target !== undefined || name.startsWith('plain') ? 0 : name.startsWith('failing') ? SERVER_FAILURE : NAME_ERROR
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(0x8180 | code, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(target === undefined ? 0 : 1, 6)
  head.writeUInt32BE(0, 8)
  const question = query.subarray(12, end + 4)
  return Buffer.concat([head, question, ...(target === undefined ? [] : [record(target)])])
}

/** Its name is a pointer to that of the question. */
function record(target: string): Buffer {
  const value = Buffer.concat([
    ...target.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'ascii')])),
    Buffer.from([0]),
  ])
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(CNAME, 2)
  head.writeUInt16BE(IN, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(value.length, 10)
  return Buffer.concat([head, value])
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}
