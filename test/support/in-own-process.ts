import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { FailedAttempt } from '../../src/aws/attempts.ts'
import type { Call } from '../../src/provisioning/plan.ts'

export interface Sent {
  /** The code of the error, `null` where there was none. */
  readonly code: string | null
  readonly failed: readonly FailedAttempt[]
}

/**
 * Opens the account and sends one call in a process of its own: errors of Node.js itself, as a connection that is cut,
 * are no `Error` to modules that jest has loaded.
 */
export async function sendInOwnProcess(environment: Readonly<Record<string, string>>, call: Call): Promise<Sent> {
  const program = `
    const { openIn } = await import(${JSON.stringify(`${import.meta.dirname}/open-account.ts`)})
    const failed = []
    const { account, close } = await openIn({ ...process.env }, {}, (attempt) => failed.push(attempt))
    const code = await account.send(${JSON.stringify(call)}).then(() => null, (error) => error.code ?? error.name)
    close()
    console.log(JSON.stringify({ code, failed }))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...environment },
  })
  return JSON.parse(stdout)
}
