import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Reader } from './reader.ts'

/** As git has them: quit where it fits on one screen, show colours, leave the screen as it is (git-config, core.pager). */
const USUAL = { LESS: 'FRX', LV: '-c' } as const

/**
 * Lets a person page through a text with ADMIN_PAGER, else PAGER, else less. Who has none, or `cat`, gets the text as it
 * is. To quit before the end is to have seen enough.
 */
export async function readPaged(
  texts: AsyncIterable<string | Buffer>,
  environment: NodeJS.ProcessEnv,
  plain: Reader,
): Promise<void> {
  const command = pagerOf(environment)
  if (command === null || !isThere(command)) return plain.read(texts)
  let pager: Pager | undefined
  try {
    for await (const text of texts) {
      pager ??= startPager(command, environment)
      if (!(await pager.take(text))) return
    }
  } finally {
    await pager?.end()
  }
}

/** An empty one is the wish to have none. */
function pagerOf({ ADMIN_PAGER, PAGER }: NodeJS.ProcessEnv): string | null {
  const command = (ADMIN_PAGER ?? PAGER ?? 'less').trim()
  return command === '' || command === 'cat' ? null : command
}

/** Asks the shell, which is what runs it, for the first word that is no assignment. */
function isThere(command: string): boolean {
  const word = command.split(/\s+/).find((part) => !/^\w+=/.test(part)) ?? ''
  if (!/^[\w./+-]+$/.test(word)) return true
  return spawnSync('/bin/sh', ['-c', 'command -v "$0"', word], { stdio: 'ignore' }).status === 0
}

interface Pager {
  /** Answers false where nobody reads on. */
  take(text: string | Buffer): Promise<boolean>
  end(): Promise<void>
}

/** Ctrl-C is for the pager, which shares the terminal with us; we end when it has ended, as git does. */
function startPager(command: string, environment: NodeJS.ProcessEnv): Pager {
  const child = spawn('/bin/sh', ['-c', command], {
    env: { ...USUAL, ...environment },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const { stdin } = child
  let isOpen = true
  let isInterrupted = false
  const close = () => {
    isOpen = false
  }
  const interrupt = () => {
    isInterrupted = true
    close()
    stdin.end()
  }
  const ended = endOf(child)
  stdin.on('error', close)
  child.once('exit', close)
  process.on('SIGINT', interrupt)
  return {
    async take(text) {
      if (isOpen && !stdin.write(text)) await Promise.race([drained(stdin), ended])
      return isOpen
    },
    async end() {
      stdin.end()
      await ended
      process.removeListener('SIGINT', interrupt)
      if (isInterrupted) process.kill(process.pid, 'SIGINT')
    },
  }
}

function endOf(child: ChildProcess): Promise<unknown> {
  return Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => {})
}

function drained(stdin: Writable): Promise<unknown> {
  return Promise.race([once(stdin, 'drain'), once(stdin, 'close')]).catch(() => {})
}
