import { join } from 'node:path'
import { run } from '@oclif/core/run'
import packageJson from '../../package.json' with { type: 'json' }
import { asksForJson, reportFailure, withoutTokens } from '../cli/exit-report.ts'
import { isClosedPipe, isHelpOrVersion, toAdminError } from '../cli/failure.ts'
import { completeEnvironment } from './environment.ts'
import { rootPlugin } from './root-plugin.ts'

export { commandLoaders } from './commands.ts'

/** Runs the command line and sets the exit code. Never throws: whatever goes wrong is shown in our words. */
export async function main(argv: readonly string[]): Promise<void> {
  completeEnvironment(process.env)
  try {
    const root = join(__dirname, '..')
    const plugin = rootPlugin(root)
    await run([...argv], { root, plugins: new Map([[plugin.name, plugin]]) })
  } catch (failure) {
    if (isHelpOrVersion(failure) || isClosedPipe(failure)) return
    const error = toAdminError(failure, packageJson.version)
    const report = reportFailure(error, { isJson: asksForJson(argv), argv, isRoot: process.getuid?.() === 0 })
    process.stdout.write(report.stdout)
    process.stderr.write(report.stderr)
    if (process.env.DEBUG === 'admin') process.stderr.write(withoutTokens(stacks(failure)))
    process.exitCode = error.exitCode
  }
}

/** Where it happened, cause by cause: stacks only, since the errors of libraries may carry what they were given. */
function stacks(failure: unknown): string {
  if (!(failure instanceof Error)) return ''
  return `${failure.stack ?? failure.message}\n${stacks(failure.cause)}`
}
