import { type ChildProcess, spawn } from 'node:child_process'
import { AdminError } from '../../errors.ts'
import { escapeControls } from '../../iam/quote.ts'
import type { EventSink, OpenSink } from './event-sink.ts'

export interface SyslogSettings {
  /** The path of a local socket. */
  readonly socket: string
  readonly facility: string
}

/** Bytes of a message; a local datagram takes some more (unix(7), wmem_default). */
const LONGEST = 200_000
/** Milliseconds without any progress after which the receiver counts as stuck. */
const PATIENCE = 5_000

/**
 * The local syslog socket, in the format of RFC 5424, through `logger` of util-linux: Node has no datagram sockets of the
 * file system. Each event is a message of its own; the events come on its standard input, so no other user sees them
 * among the processes.
 */
export function syslog({ socket, facility }: SyslogSettings): EventSink {
  const argv = [
    '--rfc5424',
    ...['--socket', socket, '--socket-errors=on'],
    ...['--priority', `${facility}.info`, '--tag', 'admin', '--msgid', 'event', `--id=${process.pid}`],
    ...['--size', String(LONGEST)],
  ]
  return { name: `syslog (${socket})`, open: async () => openLogger(argv) }
}

function openLogger(argv: readonly string[]): OpenSink {
  const logger = spawn('logger', [...argv], { stdio: ['pipe', 'ignore', 'pipe'], env: environment() })
  const ended = endOf(logger)
  let tooLong = 0
  return {
    async write(lines) {
      const sendable = lines.filter((line) => Buffer.byteLength(line) <= LONGEST)
      tooLong += lines.length - sendable.length
      const isTaken = logger.stdin.write(sendable.map((line) => `${line}\n`).join(''))
      const drained = isTaken ? true : new Promise((resolve) => logger.stdin.once('drain', resolve))
      await patiently(logger, Promise.race([drained, ended]))
    },
    async close() {
      logger.stdin.end()
      await patiently(logger, ended)
      if (tooLong > 0) throw unsent(`${tooLong} have more than ${LONGEST} bytes, too many for a message`)
    },
  }
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' }
}

/** @throws AdminError where it does not end well */
function endOf(logger: ChildProcess): Promise<void> {
  const words: string[] = []
  logger.stderr?.setEncoding('utf8').on('data', (text: string) => words.push(text))
  // How it ended says more than that it took no more.
  logger.stdin?.on('error', () => {})
  const ended = new Promise<void>((resolve, reject) => {
    logger.on('error', (error) => reject(unsent(explainStart(error), error)))
    logger.on('close', (code) => (code === 0 ? resolve() : reject(unsent(lastWords(words, code)))))
  })
  ended.catch(() => {})
  return ended
}

function explainStart(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'there is no logger (util-linux) in PATH' : error.message
}

function lastWords(words: readonly string[], code: number | null): string {
  const [first = ''] = words.join('').trim().split('\n')
  return escapeControls(first) || `logger ended with ${code ?? 'a signal'}`
}

async function patiently(logger: ChildProcess, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      logger.kill('SIGKILL')
      reject(unsent(`it took nothing for ${PATIENCE / 1000} s`))
    }, PATIENCE)
  })
  try {
    await Promise.race([work, stuck])
  } finally {
    clearTimeout(timer)
  }
}

function unsent(problem: string, cause?: unknown): AdminError {
  return new AdminError('UNAVAILABLE_OUTPUT', problem, { cause })
}
