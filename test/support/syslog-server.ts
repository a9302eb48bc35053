import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const PROGRAM = `
import base64, os, socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
print('ready', flush=True)
while True:
    print(base64.b64encode(server.recv(1 << 20)).decode(), flush=True)
`

/** What RFC 5424 §6 says a message is made of. */
export interface SyslogMessage {
  readonly facility: number
  readonly severity: number
  readonly timestamp: string
  readonly host: string
  readonly app: string
  readonly procid: string
  readonly msgid: string
  readonly structuredData: string
  readonly text: string
}

/** Somebody who listens at a local datagram socket, as a syslog daemon does: Python, for Node has none. */
export class SyslogServer {
  readonly #received: string[] = []
  readonly #process: ChildProcess
  #waiting: (() => void)[] = []

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  static async start(socket: string): Promise<SyslogServer> {
    const child = spawn('python3', ['-c', PROGRAM, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
    const server = new SyslogServer(child)
    const lines = createInterface({ input: child.stdout })
    await once(lines, 'line')
    lines.on('line', (line) => server.#take(line))
    return server
  }

  /** Waits until so many messages came, and answers all of them. */
  async messages(count: number): Promise<readonly SyslogMessage[]> {
    while (this.#received.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.#received.map((line) => parseSyslog(Buffer.from(line, 'base64').toString('utf8')))
  }

  /** The program does not take what comes: the socket fills up. */
  pause(): void {
    this.#process.kill('SIGSTOP')
  }

  async stop(): Promise<void> {
    const closed = once(this.#process, 'close')
    this.#process.kill('SIGKILL')
    await closed
  }

  #take(line: string): void {
    this.#received.push(line)
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** @throws Error where it is not as RFC 5424 §6 has it */
export function parseSyslog(message: string): SyslogMessage {
  const header = /^<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) (-|(?:\[(?:[^\]\\]|\\.)*\])+) (?:\ufeff)?/.exec(message)
  if (header === null) throw new Error(`no message of RFC 5424: ${message}`)
  const [whole, priority = '', timestamp = '', host = '', app = '', procid = '', msgid = '', structuredData = ''] =
    header
  const [facility, severity] = [Math.floor(Number(priority) / 8), Number(priority) % 8]
  return { facility, severity, timestamp, host, app, procid, msgid, structuredData, text: message.slice(whole.length) }
}
