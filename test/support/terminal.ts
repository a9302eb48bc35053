import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { adminFile, projectRoot } from './admin.ts'

/** `meanwhile`: what somebody else does before the next key. */
export type Step = { readonly expect: string } | { readonly send: string } | { readonly meanwhile: readonly string[] }

export interface TerminalRun {
  readonly screen: string
  /** `null` after a signal. */
  readonly exitCode: number | null
}

export const keys = { down: '\u001b[B', space: ' ', enter: '\r', interrupt: '\u0003' } as const

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>
  /** A file, in place of the terminal. */
  readonly stdout?: string
  /** Rows and columns. */
  readonly size?: readonly [number, number]
}

/** Runs the command line on a pseudo-terminal and plays the steps; fails where an expected text does not appear. */
export async function atTerminal(
  argv: readonly string[],
  steps: readonly Step[],
  options: TerminalOptions,
): Promise<TerminalRun> {
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', TERM: 'xterm', ...options.env }
  const request = {
    argv: [process.execPath, adminFile, ...argv],
    env,
    steps,
    size: options.size ?? [40, 160],
    ...(options.stdout && { stdout: options.stdout }),
  }
  const python = join(projectRoot, '.venv', 'bin', 'python')
  return new Promise((resolve, reject) => {
    const child = execFile(python, [join(import.meta.dirname, 'terminal.py')], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout))
      else reject(new Error(stderr))
    })
    child.stdin?.end(JSON.stringify(request))
  })
}
