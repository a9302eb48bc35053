import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'

export const projectRoot = join(import.meta.dirname, '..', '..')
export const adminFile = join(projectRoot, 'dist', 'admin.cjs')

/** How one run of the command line ended. */
export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stdin?: string
  /** Run as another user: needs root. */
  readonly uid?: number
  readonly gid?: number
  readonly cwd?: string
  /** Another copy of the program than that of this clone. */
  readonly program?: Program
}

export interface Program {
  readonly node: string
  readonly file: string
}

/** Runs the built command line as a user would: a process of its own, its output, its exit code. */
export async function admin(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = startAdmin(argv, options)
  // It may have ended before it could be handed anything.
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.stdin ?? '')
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const ended = await new Promise<Pick<Run, 'exitCode' | 'signal'>>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  return { stdout: stdout(), stderr: stderr(), ...ended }
}

/** The same, still running: for tests that kill it or look at it from outside. */
export function startAdmin(argv: readonly string[], options: RunOptions = {}): ChildProcess {
  const { env, uid, gid, cwd, program = { node: process.execPath, file: adminFile } } = options
  return spawn(program.node, [program.file, ...argv], {
    env: { ...cleanEnvironment(), ...env },
    stdio: 'pipe',
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(cwd !== undefined && { cwd }),
  })
}

/** A run with `--json`; fails the test where stdout is not exactly one JSON document. */
export async function adminJson(argv: readonly string[], options: RunOptions = {}) {
  const run = await admin([...argv, '--json'], options)
  return { ...run, json: parseJson(run) }
}

/** A directory of the test file's own, removed when its tests are done. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'admin-test-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Nothing of the caller's own configuration, credentials or identity reaches the program under test. */
function cleanEnvironment(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    ADMIN_SESSION_DIRECTORY: '/nonexistent/sessions',
  }
}

function parseJson(run: Run) {
  try {
    return JSON.parse(run.stdout)
  } catch (cause) {
    throw new Error(`stdout is not JSON (exit ${run.exitCode}): ${run.stdout}\nstderr: ${run.stderr}`, { cause })
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
