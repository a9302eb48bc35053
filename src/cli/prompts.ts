import { AdminError } from '../errors.ts'
import type { GlobalFlags } from './base-command.ts'

/** Prompts need a person who sees stderr and can type, and who has not asked for silence. */
export function canPrompt(flags: Pick<GlobalFlags, 'json'> & { readonly yes?: boolean }): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true
  return isTerminal && !process.env.CI && !flags.json && flags.yes !== true
}

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
  const { createPromptModule } = (await import('inquirer')).default
  const prompt = createPromptModule({ output: process.stderr })
  try {
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
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new AdminError('REFUSED_DECLINED', 'you left without choosing')
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
