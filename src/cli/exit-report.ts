import { isSystemConfigHidden } from '../config/config-file.ts'
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
  readonly environment: NodeJS.ProcessEnv
}

/** Under `--json` an allow-list of fields: never a stack, a configuration or an environment. In no mode a token. */
export function reportFailure(error: AdminError, context: ReportContext): ExitReport {
  const suggestions = [...error.suggestions, ...sudoSuggestion(error, context)]
  if (context.isJson) {
    const body = { error: { code: error.code, message: error.message, suggestions, details: error.details } }
    return { stdout: withoutSecrets(`${toJson(body, 2)}\n`), stderr: '' }
  }
  const lines = [...error.message.split('\n'), ...suggestions.map((command) => `try: ${command}`)]
  return { stdout: '', stderr: withoutSecrets(`Error: ${lines.map(escapeControls).join('\n  ')}\n`) }
}

/** What a failure prints may repeat an argument, and a token or the password of a database may stand in one. */
export function withoutSecrets(text: string): string {
  return redactTokens(text).replaceAll(/(postgres(?:ql)?:\/\/[^\s:@/]*):[^\s]*@/gi, '$1:[password]@')
}

/** `--json` counts wherever it stands before a lone `--`. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).some((word) => word === '--json' || word.startsWith('--json='))
}

/** A server asks nobody whether they are root. sudo drops the environment, so what it named goes into the command; but no URL that may hold a password. */
function sudoSuggestion(error: AdminError, { argv, isRoot, environment }: ReportContext): readonly string[] {
  if (isRoot || !isForRoot(error)) return []
  const named = Object.entries({ '--database': environment.ADMIN_DATABASE, '--config': environment.ADMIN_CONFIG })
  const handedOver = named.flatMap(([flag, value]) =>
    !value || value.includes('@') || argv.includes(flag) ? [] : [flag, value],
  )
  return [['sudo', 'admin', ...handedOver, ...argv].map(shellQuote).join(' ')]
}

/** What root may do, or what root may have where this user has nothing of their own. */
function isForRoot({ code, details }: AdminError): boolean {
  if (code === 'DENIED_FILE' || details.isOwn === true) return true
  if (code === 'DENIED_STORE') return !('server' in details)
  return code === 'INVALID_CONFIG' && details.key === 'sso' && isSystemConfigHidden()
}
