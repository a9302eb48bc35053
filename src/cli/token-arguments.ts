import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'
import { containsToken } from '../sso/token-text.ts'

interface TypedCommand {
  /** In the form of oclif. */
  readonly id: string
  /** What follows the words of the command. */
  readonly argv: readonly string[]
  /** Whether `--id-token-file` is one of its flags. */
  readonly takesFile: boolean
}

/**
 * Before anything else that may be wrong with the arguments: whoever gave a token among them must hear what that means.
 *
 * @throws AdminError USAGE_ARGUMENT
 */
export function refuseTokens(typed: TypedCommand): void {
  if (typed.argv.some(containsToken)) throw tokenAsArgument(commandsWithFile(typed))
}

/** Arguments are there for every user of the host to see, in `ps` and in /proc. The token is not repeated. */
export function tokenAsArgument(suggestions: readonly string[]): AdminError {
  return new AdminError(
    'USAGE_ARGUMENT',
    'a token was given as an argument: tokens are read from a file or from stdin\nevery user of this host can see arguments, and the shell may keep them: let this token run out before you trust it',
    { suggestions },
  )
}

function commandsWithFile({ id, argv, takesFile }: TypedCommand): readonly string[] {
  const isForFile = (at: number) => /^--id-token-file(=|$)/.test(argv[at] ?? '') || argv[at - 1] === '--id-token-file'
  const others = argv.filter((word, at) => !isForFile(at) && !containsToken(word)).map(shellQuote)
  const name = takesFile && containsToken(argv[0] ?? '') && !isForFile(0) ? ['USERNAME'] : []
  const command = ['admin', ...id.split(':'), ...name, ...others].join(' ')
  return takesFile ? [`${command} --id-token-file FILE`, `${command} --id-token-file - < FILE`] : [command]
}
