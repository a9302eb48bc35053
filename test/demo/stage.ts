import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { styleText } from 'node:util'

const adminFile = join(import.meta.dirname, '..', '..', 'dist', 'admin.cjs')

export interface Play {
  /** The exit code that the story expects; the demo fails on any other. */
  readonly exitCode?: number
  readonly stdin?: string
  /** How standard input came about, as a shell would show it. */
  readonly from?: string
  readonly env?: Readonly<Record<string, string>>
  /** Where the answer repeats what was just seen: only what went to stderr, and the last line. */
  readonly shown?: 'stderr'
}

/** Shows each command as one would type it, runs it for real, and shows what it answered. */
export class Stage {
  readonly #environment: Readonly<Record<string, string>>
  readonly #hidden: readonly (readonly [string, string])[]

  /** @param hidden longer texts and what is shown in their place, such as the temporary directory */
  constructor(environment: Readonly<Record<string, string>>, hidden: readonly (readonly [string, string])[]) {
    this.#environment = environment
    this.#hidden = hidden
  }

  title(words: string): void {
    this.#print(`\n${styleText(['bold', 'cyan'], words)}\n`)
  }

  say(words: string): void {
    this.#print(`\n${styleText('italic', words)}\n`)
  }

  /** What a file holds, as a person would look at it. */
  show(command: string, text: string): void {
    this.#print(`${styleText('bold', `$ ${command}`)}\n${text}`)
  }

  /** Runs `admin …`, and shows what it answered. */
  async admin(argv: readonly string[], { exitCode = 0, stdin = '', from, env, shown }: Play = {}): Promise<void> {
    const typed = ['admin', ...argv.map(asTyped)].join(' ') + (from === undefined ? '' : ` < ${from}`)
    this.#print(`${styleText('bold', `$ ${this.#shorten(typed)}`)}\n`)
    const child = spawn(process.execPath, [adminFile, ...argv], { env: { ...this.#environment, ...env } })
    const kill = () => child.kill('SIGKILL')
    // Before anything is tidied away under its feet.
    process.prependListener('exit', kill)
    child.stdin.end(stdin)
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.on('close', resolve)),
    ])
    process.removeListener('exit', kill)
    this.#print(this.#shorten(shown === 'stderr' ? `${stderr}${code === 0 ? lastLine(stdout) : ''}` : stderr + stdout))
    if (exitCode !== 0) this.#print(`(exit ${code})\n`)
    if (code !== exitCode) throw new Error(`admin ${argv.join(' ')} ended with exit ${code}, expected ${exitCode}`)
  }

  #shorten(long: string): string {
    return this.#hidden.reduce((shorter, [from, to]) => shorter.replaceAll(from, to), long)
  }

  #print(words: string): void {
    process.stdout.write(words)
  }
}

/** What came of it. */
function lastLine(output: string): string {
  return output.slice(output.trimEnd().lastIndexOf('\n') + 1)
}

function asTyped(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`
}
