import { join } from 'node:path'
import { run } from '@oclif/core/run'
import packageJson from '../../package.json' with { type: 'json' }
import { asksForJson, reportFailure, withoutSecrets } from '../cli/exit-report.ts'
import { isClosedPipe, isHelpOrVersion, toAdminError } from '../cli/failure.ts'
import { commandLoaders } from './commands.ts'
import { completeEnvironment } from './environment.ts'
import { speakLastWords } from './last-words.ts'
import { refuseValuesOfSwitches, resolveCommand } from './resolve-command.ts'
import { rootPlugin } from './root-plugin.ts'

export { commandLoaders } from './commands.ts'

/** Runs the command line and sets the exit code. Never throws: whatever goes wrong is shown in our words. */
export async function main(argv: readonly string[]): Promise<void> {
  completeEnvironment(process.env)
  const settle = speakLastWords((failure, isStdoutBroken) =>
    report(failure, argv, asksForJson(argv) && !isStdoutBroken),
  )
  try {
    const root = join(__dirname, '..')
    const plugin = rootPlugin(root)
    const resolved = resolveCommand(argv, Object.keys(commandLoaders))
    refuseValuesOfSwitches(resolved, plugin.commands.find(({ id }) => id === resolved[0])?.flags ?? {})
    await run(resolved, { root, plugins: new Map([[plugin.name, plugin]]) })
  } catch (failure) {
    if (isHelpOrVersion(failure) || isClosedPipe(failure)) return
    report(failure, argv, asksForJson(argv))
  } finally {
    settle()
  }
}

function report(failure: unknown, argv: readonly string[], isJson: boolean): void {
  const error = toAdminError(failure, packageJson.version)
  const { stdout, stderr } = reportFailure(error, {
    isJson,
    argv,
    isRoot: process.getuid?.() === 0,
    environment: process.env,
  })
  process.exitCode = error.exitCode
  if (stdout !== '') process.stdout.write(stdout)
  if (stderr !== '') process.stderr.write(stderr)
  if (process.env.DEBUG === 'admin') process.stderr.write(withoutSecrets(stacks(failure)))
}

/** Where it happened, cause by cause: stacks only, since the errors of libraries may carry what they were given. */
function stacks(failure: unknown): string {
  if (!(failure instanceof Error)) return ''
  return `${failure.stack ?? failure.message}\n${stacks(failure.cause)}`
}
