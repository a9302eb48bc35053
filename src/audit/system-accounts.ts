import { execFile } from 'node:child_process'
import { AdminError } from '../errors.ts'

/** What the database of users says of a name. */
export type AccountState = 'there' | 'gone' | 'unknown'

/** Names of 256 characters of four bytes each are half a megabyte; Linux takes two in one command line. */
const BATCH = 500
/** Milliseconds: a directory server that does not answer holds getent up. */
const TIMEOUT = 30_000
const NOT_FOUND = 2

/**
 * Asks the system's database of users, with whatever serves it (files, sssd, LDAP), through `getent passwd` (getent(1):
 * exit 2 is that a key could not be found). Whatever else goes wrong leaves a name unknown, never gone.
 *
 * @throws AdminError UNAVAILABLE_ACCOUNTS where there is no getent
 */
export async function systemAccounts(names: readonly string[]): Promise<ReadonlyMap<string, AccountState>> {
  // getent takes these for a uid.
  const [numbers, askable] = [names.filter(isNumber), names.filter((name) => !isNumber(name))]
  const states = new Map<string, AccountState>(numbers.map((name) => [name, 'unknown']))
  for (let start = 0; start < askable.length; start += BATCH) {
    for (const [name, state] of await askBatch(askable.slice(start, start + BATCH))) states.set(name, state)
  }
  return states
}

/** A directory may answer under another spelling of the name: then each of the others is asked about alone. */
async function askBatch(names: readonly string[]): Promise<readonly (readonly [string, AccountState])[]> {
  const { exitCode, found } = await getent(names)
  const others = names.filter((name) => !found.includes(name))
  const isClear = found.length === names.length - others.length && (exitCode === 0 || exitCode === NOT_FOUND)
  const states = others.map(async (name) => [name, isClear ? 'gone' : await askAlone(name)] as const)
  return [...found.map((name) => [name, 'there'] as const), ...(await Promise.all(states))]
}

async function askAlone(name: string): Promise<AccountState> {
  const { exitCode, found } = await getent([name])
  if (exitCode === NOT_FOUND) return 'gone'
  return exitCode === 0 && found.length > 0 ? 'there' : 'unknown'
}

interface Answer {
  /** `null`: it was ended, as by the time limit. */
  readonly exitCode: number | null
  readonly found: readonly string[]
}

function getent(names: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', timeout: TIMEOUT, maxBuffer: 16 * 1024 ** 2 } as const
    execFile('getent', ['passwd', '--', ...names], options, (error, stdout) => {
      const found = stdout.split('\n').flatMap((line) => (line.includes(':') ? line.slice(0, line.indexOf(':')) : []))
      if (error === null) resolve({ exitCode: 0, found })
      else if (error.code === 'ENOENT') reject(noGetent(error))
      else resolve({ exitCode: typeof error.code === 'number' ? error.code : null, found })
    })
  })
}

function noGetent(cause: unknown): AdminError {
  const message = 'there is no getent in PATH, so nobody can tell which system accounts are gone'
  return new AdminError('UNAVAILABLE_ACCOUNTS', message, { cause })
}

function isNumber(name: string): boolean {
  return /^\+?\d+$/.test(name)
}
