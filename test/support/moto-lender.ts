import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LENDER } from './moto-pool.ts'
import { type MotoServer, startMoto } from './moto-server.ts'

/** By the path that a worker asks for. */
const servers = new Map<string, Promise<MotoServer>>()

/** Run by jest after all tests. */
export async function endLending(): Promise<void> {
  for (const server of servers.values()) await (await server).stop()
}

/** Run by jest before all tests: lends each worker a moto, from when it first asks for one. */
export default async function beginLending(): Promise<void> {
  const lender = createServer((asked, answer) => void lend(asked, answer))
  await new Promise<void>((resolve) => lender.listen(0, '127.0.0.1', resolve))
  lender.unref()
  process.env[LENDER] = String((lender.address() as AddressInfo).port)
}

async function lend({ url = '' }: IncomingMessage, answer: ServerResponse): Promise<void> {
  const server = servers.get(url) ?? startMoto({})
  servers.set(url, server)
  try {
    answer.end(String((await server).port))
  } catch (error) {
    servers.delete(url)
    answer.writeHead(500).end(String(error))
  }
}
