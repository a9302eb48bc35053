import { type ChildProcess, spawn } from 'node:child_process'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import type { AwsAnswer } from './aws-emulator-requests.ts'
import { freePort } from './free-port.ts'

const program = join(import.meta.dirname, '..', '..', '.venv', 'bin', 'moto_server')

export interface MotoServer {
  readonly port: number
  /** Sends it to moto alone. */
  readonly post: (path: string, headers: IncomingMessage['headers'], body: string) => Promise<AwsAnswer>
  readonly stop: () => Promise<void>
}

/** On a free port of the loopback interface. Ends with this process at the latest. */
export async function startMoto(environment: Readonly<Record<string, string>>): Promise<MotoServer> {
  const port = await freePort()
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  process.once('exit', () => child.kill())
  await listening(child)
  return { port, post: (...message) => post(port, ...message), stop: () => stop(child) }
}

/** Sends something to a server of the loopback interface, over a connection of its own. */
export function post(
  port: number,
  path: string,
  headers: IncomingMessage['headers'],
  body: string,
): Promise<AwsAnswer> {
  const kept = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: kept, agent: false }, (response) => {
      bodyOf(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

export async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** moto says on stderr when it listens. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`moto_server ended with ${code}: ${said}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (said.includes('Running on')) resolve()
    })
  })
}
