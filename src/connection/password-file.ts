import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'
import type { DatabaseEndpoint } from './endpoint.ts'

interface Target extends DatabaseEndpoint {
  readonly database: string
}

/**
 * The password that `PGPASSFILE`, else `~/.pgpass`, has for the target: the first line that matches counts
 * (PostgreSQL documentation, "The Password File"). `null` where there is none.
 *
 * @throws AdminError DENIED_FILE where others may read the file: libpq ignores it then, which nobody understands
 */
export function passwordFromFile(target: Target, environment: NodeJS.ProcessEnv): string | null {
  const file = passwordFile(environment)
  const text = readPrivately(file, `${target.host}:${target.port}`)
  if (text === null) return null
  for (const line of text.split(/\r?\n/)) {
    const fields = line.startsWith('#') ? [] : splitFields(line)
    const password = fields[4]
    if (password !== undefined && matches(fields, target)) return password
  }
  return null
}

export function passwordFile(environment: NodeJS.ProcessEnv): string {
  return environment.PGPASSFILE || join(environment.HOME || homedir(), '.pgpass')
}

function readPrivately(file: string, server: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats?.isFile()) return null
  if ((stats.mode & 0o077) !== 0) {
    throw new AdminError('DENIED_FILE', `the password file ${file} is not used: others may read or write it`, {
      suggestions: [`chmod 600 ${shellQuote(file)}`],
      details: { file, server },
    })
  }
  return readFileSync(file, 'utf8')
}

/** At colons that no backslash stands before; the password is the rest of the line. */
function splitFields(line: string): readonly string[] {
  const [, ...parts] = /^((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):(.*)$/.exec(line) ?? []
  return parts.map((part) => part.replaceAll(/\\(.)/g, '$1'))
}

function matches([host, port, database, user]: readonly string[], target: Target): boolean {
  const isSocket = target.host.startsWith('/')
  const isHost = host === '*' || host === target.host || (isSocket && host === 'localhost')
  const isThat = (field: string | undefined, value: string) => field === '*' || field === value
  return isHost && isThat(port, String(target.port)) && isThat(database, target.database) && isThat(user, target.user)
}
