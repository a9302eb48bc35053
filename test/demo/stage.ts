import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { styleText } from 'node:util'

const adminFile = join(import.meta.dirname, '..', '..', 'dist', 'admin.cjs')

export interface Play {
  /** The exit code that the story expects; the demo fails on any other. */
  readonly exitCode?: number
  readonly stdin?: string
  /** How standard input came about, as a shell would show it. */
  readonly from?: string
  readonly env?: Readonly<Record<string, string>>
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

  title(text: string): void {
    this.#print(`\n${styleText(['bold', 'cyan'], text)}\n`)
  }

  say(text: string): void {
    this.#print(`${styleText('dim', text)}\n`)
  }

  /** Runs `admin …` and answers its standard output. */
  admin(argv: readonly string[], { exitCode = 0, stdin, from, env }: Play = {}): string {
    const typed = ['admin', ...argv.map(asTyped)].join(' ') + (from === undefined ? '' : ` < ${from}`)
    this.#print(`\n${styleText('bold', `$ ${this.#shorten(typed)}`)}\n`)
    const run = spawnSync(process.execPath, [adminFile, ...argv], {
      encoding: 'utf8',
      env: { ...this.#environment, ...env },
      input: stdin ?? '',
    })
    this.#print(this.#shorten(run.stderr + run.stdout))
    if (exitCode !== 0) this.say(`(exit ${run.status})`)
    if (run.status !== exitCode)
      throw new Error(`admin ${argv.join(' ')} ended with exit ${run.status}, expected ${exitCode}`)
    return run.stdout
  }

  #shorten(text: string): string {
    return this.#hidden.reduce((shorter, [long, short]) => shorter.replaceAll(long, short), text)
  }

  #print(text: string): void {
    process.stdout.write(text)
  }
}

function asTyped(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`
}
