import type { AdminError } from '../errors.ts'
import { escapeControls, shellQuote } from '../iam/quote.ts'
import { redactTokens } from '../sso/token-text.ts'
import { toJson } from './output.ts'

/** What a failure prints, in either mode. */
export interface ExitReport {
  readonly stdout: string
  readonly stderr: string
}

export interface ReportContext {
  readonly isJson: boolean
  /** The command as it was typed, for suggestions that repeat it. */
  readonly argv: readonly string[]
  readonly isRoot: boolean
}

/** Under `--json` an allow-list of fields: never a stack, a configuration or an environment. In no mode a token. */
export function reportFailure(error: AdminError, context: ReportContext): ExitReport {
  const suggestions = [...error.suggestions, ...sudoSuggestion(error, context)]
  if (context.isJson) {
    const body = { error: { code: error.code, message: error.message, suggestions, details: error.details } }
    return { stdout: withoutTokens(`${toJson(body, 2)}\n`), stderr: '' }
  }
  const lines = [...error.message.split('\n'), ...suggestions.map((command) => `try: ${command}`)]
  return { stdout: '', stderr: withoutTokens(`Error: ${lines.map(escapeControls).join('\n  ')}\n`) }
}

/** What a failure prints may repeat an argument, and a token may have gone astray in one. */
export function withoutTokens(text: string): string {
  return redactTokens(text)
}

/** `--json` counts wherever it stands before a lone `--`. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).some((word) => word === '--json' || word.startsWith('--json='))
}

function sudoSuggestion(error: AdminError, { argv, isRoot }: ReportContext): readonly string[] {
  const isFile = error.code === 'DENIED_STORE' || error.code === 'DENIED_FILE'
  return isFile && !isRoot ? [`sudo admin ${argv.map(shellQuote).join(' ')}`] : []
}
