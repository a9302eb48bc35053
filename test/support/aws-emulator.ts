import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { patches } from './aws-emulator-patches.ts'

const moto = join(import.meta.dirname, '..', '..', '.venv', 'bin', 'moto_server')

/** One request that reached the emulator. Status 0: the connection was cut before an answer. */
export interface LoggedRequest {
  readonly service: string
  readonly action: string
  readonly account: string
  readonly status: number
}

export type FaultKind =
  | 'throttle'
  | 'unavailable'
  | 'deny'
  | 'drop-before'
  | 'apply-then-drop'
  | { readonly status: number; readonly code: string; readonly message: string }

/** What goes wrong with an action: from its n-th request on (default the first), so many times (default once). */
export interface Fault {
  readonly action: string
  readonly kind: FaultKind
  readonly from?: number
  readonly times?: number
}

/** A form that was sent to AWS, and what names the sender. */
export interface AwsRequest {
  readonly service: string
  readonly action: string
  readonly account: string
  readonly parameters: URLSearchParams
  readonly headers: IncomingMessage['headers']
}

export interface AwsAnswer {
  readonly status: number
  readonly body: string
}

/** Sends a form to moto itself, as the request's sender would. */
export type Forward = (parameters: URLSearchParams) => Promise<AwsAnswer>

/**
 * moto with a proxy in front: the proxy keeps a log, makes things go wrong on demand, answers for what moto lacks, and
 * takes the account out of the access key (`AKIA`, the 12 digits of the account, 4 characters).
 */
export class AwsEmulator {
  readonly url: string
  readonly requests: LoggedRequest[] = []
  readonly #server: Server
  readonly #moto: ChildProcess
  readonly #motoPort: number
  #faults: Fault[] = []
  readonly #seen = new Map<string, number>()

  private constructor(server: Server, child: ChildProcess, motoPort: number) {
    this.#server = server
    this.#moto = child
    this.#motoPort = motoPort
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (incoming, outgoing) => void this.#answer(incoming, outgoing))
  }

  static async start(): Promise<AwsEmulator> {
    const motoPort = await freePort()
    const child = spawn(moto, ['-H', '127.0.0.1', '-p', String(motoPort)], { stdio: ['ignore', 'ignore', 'pipe'] })
    process.once('exit', () => child.kill())
    await listening(child)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new AwsEmulator(server, child, motoPort)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    const ended = new Promise((resolve) => this.#moto.once('exit', resolve))
    this.#moto.kill('SIGTERM')
    await ended
  }

  /** An empty AWS, an empty log, no faults. */
  async reset(): Promise<void> {
    await this.#send('/moto-api/reset', 'POST', {}, '')
    this.#faults = []
    this.forget()
  }

  /** An empty log; AWS stays as it is. */
  forget(): void {
    this.requests.length = 0
    this.#seen.clear()
  }

  inject(...faults: readonly Fault[]): void {
    this.#faults = [...faults]
    this.#seen.clear()
  }

  /** The requests that changed something or tried to. */
  get writes(): readonly string[] {
    return this.requests.map(({ action }) => action).filter((action) => !/^(Get|List|Describe)/.test(action))
  }

  get actions(): readonly string[] {
    return this.requests.map(({ action }) => action)
  }

  /** What was asked and moto does not have: a test that needs it needs a patch. */
  get unimplemented(): readonly string[] {
    return this.requests.filter(({ status }) => status === 501).map(({ action }) => action)
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const asked = toAwsRequest(incoming.headers, await bodyOf(incoming))
    const fault = this.#faultFor(asked.action)
    const log = (status: number) => {
      const { service, action, account } = asked
      this.requests.push({ service, action, account, status })
    }
    if (fault === 'drop-before') {
      log(0)
      incoming.socket.destroy()
      return
    }
    const answer = fault === null || fault === 'apply-then-drop' ? await this.#serve(asked) : faultAnswer(fault, asked)
    log(fault === 'apply-then-drop' ? 0 : answer.status)
    if (fault === 'apply-then-drop') incoming.socket.destroy()
    else outgoing.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body)
  }

  #faultFor(action: string): FaultKind | null {
    const count = (this.#seen.get(action) ?? 0) + 1
    this.#seen.set(action, count)
    const isDue = ({ from = 1, times = 1 }: Fault) => count >= from && count < from + times
    return this.#faults.find((fault) => fault.action === action && isDue(fault))?.kind ?? null
  }

  async #serve(asked: AwsRequest): Promise<AwsAnswer> {
    const forward: Forward = (parameters) =>
      this.#send('/', 'POST', { ...asked.headers, 'x-moto-account-id': asked.account }, parameters.toString())
    const answer = await (patches[asked.action]?.(asked, forward) ?? forward(asked.parameters))
    const isMissing = answer.status === 500 && /<html|<!doctype html/i.test(answer.body)
    return isMissing ? errorAnswer(501, 'EmulatorNotImplemented', `moto has no ${asked.action}`) : answer
  }

  #send(path: string, method: string, headers: IncomingMessage['headers'], body: string): Promise<AwsAnswer> {
    const kept = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.#motoPort, path, method, headers: kept, agent: false },
        (response) => {
          bodyOf(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), reject)
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

/**
 * What a child process needs to talk to the emulator, and to nothing else: no credentials, no endpoints, no metadata
 * service of the machine.
 */
export function awsEnvironment(emulator: { readonly url: string }, account = '123456789012'): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: `AKIA${account}TEST`,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_MAX_ATTEMPTS: '3',
    ...noOtherAws,
  }
}

export const noOtherAws = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
}

export function errorAnswer(status: number, code: string, message: string): AwsAnswer {
  const type = status < 500 ? 'Sender' : 'Receiver'
  const body = `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>test</RequestId></ErrorResponse>`
  return { status, body }
}

function faultAnswer(fault: Exclude<FaultKind, 'drop-before' | 'apply-then-drop'>, asked: AwsRequest): AwsAnswer {
  if (typeof fault === 'object') return errorAnswer(fault.status, fault.code, fault.message)
  if (fault === 'throttle') return errorAnswer(400, 'Throttling', 'Rate exceeded')
  if (fault === 'unavailable') return errorAnswer(503, 'ServiceUnavailable', 'Service Unavailable')
  const action = `${asked.service}:${asked.action}`
  const message = `User: arn:aws:iam::${asked.account}:user/test is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`
  return errorAnswer(403, 'AccessDenied', message)
}

function toAwsRequest(headers: IncomingMessage['headers'], body: string): AwsRequest {
  const parameters = new URLSearchParams(body)
  const scope = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')
  const [, key = '', service = ''] = scope ?? []
  const account = /^AKIA(\d{12})/.exec(key)?.[1] ?? '123456789012'
  return { service, action: parameters.get('Action') ?? '', account, parameters, headers }
}

async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

async function freePort(): Promise<number> {
  const probe = createTcpServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
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
