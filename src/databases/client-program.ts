import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { AdminError } from '../errors.ts'
import { type Engine, engineName } from './engine.ts'

/** A client that is installed here. */
export interface ClientProgram {
  readonly file: string
  /** Whose options it takes: what is called `mysql` may be MariaDB's. */
  readonly dialect: Engine
  /** Its option files hold a password, which it would take in place of that of the environment. */
  readonly hasOwnPassword: boolean
}

/** Runs a program to its end and answers what it printed. */
export type Ask = (file: string, argv: readonly string[]) => Promise<string>

const NAMES: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['psql'],
  mysql: ['mysql', 'mariadb'],
  mariadb: ['mariadb', 'mysql'],
}

const PACKAGES: Readonly<Record<Engine, string>> = {
  postgres: 'postgresql-client',
  mysql: 'default-mysql-client',
  mariadb: 'mariadb-client',
}

/** @throws AdminError NOT_FOUND_CLIENT */
export async function findClient(engine: Engine, path: string, ask: Ask): Promise<ClientProgram> {
  const names = NAMES[engine]
  const directories = path.split(delimiter).filter((directory) => isAbsolute(directory))
  const file = names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isProgram)
  if (file === undefined) throw noClient(engine, names)
  if (engine === 'postgres') return { file, dialect: engine, hasOwnPassword: false }
  const version = await ask(file, ['--version'])
  const options = await ask(file, ['--print-defaults'])
  return { file, dialect: /mariadb/i.test(version) ? 'mariadb' : 'mysql', hasOwnPassword: /--password/.test(options) }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function noClient(engine: Engine, names: readonly string[]): AdminError {
  const message = `there is no client of ${engineName(engine)} here: looked for ${names.join(', ')} in PATH`
  return new AdminError('NOT_FOUND_CLIENT', message, {
    suggestions: [`sudo apt-get install ${PACKAGES[engine]}`, 'admin rds token --format env …'],
    details: { names },
  })
}
