import type Inquirer from 'inquirer'
import { AdminError } from '../errors.ts'
import type { GlobalFlags } from './base-command.ts'

/** Prompts need a person who sees stderr and can type, and who has not asked for silence. */
export function canPrompt(flags: Pick<GlobalFlags, 'json'> & { readonly yes?: boolean }): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true
  return isTerminal && !process.env.CI && !flags.json && flags.yes !== true
}

type PromptModule = ReturnType<typeof Inquirer.createPromptModule>

export interface Choice {
  readonly value: string
  readonly checked: boolean
}

/**
 * A list to tick, drawn on stderr.
 *
 * @throws AdminError REFUSED_DECLINED where the person leaves it with Ctrl-C
 */
export async function chooseSeveral(message: string, choices: readonly Choice[]): Promise<readonly string[]> {
  return onTerminal('you left without choosing', async (prompt) => {
    const { chosen } = await prompt([
      {
        type: 'checkbox',
        name: 'chosen',
        message,
        choices: choices.map((choice) => ({ name: choice.value, ...choice })),
        required: true,
        loop: false,
      },
    ])
    return chosen
  })
}

export interface Question {
  readonly message: string
  /** What Enter alone says. */
  readonly initial: string
  /** Why an answer is none: it is shown, and the person asked again. */
  readonly problemOf: (text: string) => string | null
}

/**
 * One line of text, asked for on stderr; white space around it is dropped.
 *
 * @throws AdminError REFUSED_DECLINED where the person leaves it with Ctrl-C
 */
export async function askText({ message, initial, problemOf }: Question): Promise<string> {
  return onTerminal('you left without answering', async (prompt) => {
    const validate = (text: string) => problemOf(text.trim()) ?? true
    const { answer } = await prompt([{ type: 'input', name: 'answer', message, default: initial, validate }])
    return answer.trim()
  })
}

/**
 * A password, asked for on stderr; what is typed is not shown.
 *
 * @throws AdminError REFUSED_DECLINED where the person leaves it with Ctrl-C
 */
export async function askPassword(message: string): Promise<string> {
  return onTerminal('you left without answering', async (prompt) => {
    const { answer } = await prompt([{ type: 'password', name: 'answer', message }])
    return answer
  })
}

async function onTerminal<T>(declined: string, ask: (prompt: PromptModule) => Promise<T>): Promise<T> {
  const { createPromptModule } = (await import('inquirer')).default
  try {
    return await ask(createPromptModule({ output: process.stderr }))
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new AdminError('REFUSED_DECLINED', declined)
    throw error
  }
}

/**
 * A question to be answered with yes or no, drawn on stderr; no answer is no.
 *
 * @throws AdminError REFUSED_DECLINED where the person leaves it with Ctrl-C
 */
export async function confirm(message: string): Promise<boolean> {
  const { createPromptModule } = (await import('inquirer')).default
  const prompt = createPromptModule({ output: process.stderr })
  try {
    const { isYes } = await prompt([{ type: 'confirm', name: 'isYes', message, default: false }])
    return isYes
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new AdminError('REFUSED_DECLINED', 'you left without answering')
    throw error
  }
}
