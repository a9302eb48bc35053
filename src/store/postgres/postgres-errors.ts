import {
  denied,
  explainPostgresConnection,
  type PostgresPlace,
  type SeenFailure,
  seenIn,
  unavailable,
} from '../../connection/postgres-failures.ts'
import type { PostgresLocation } from '../../connection/postgres-location.ts'
import { AdminError } from '../../errors.ts'
import { shellQuote } from '../../iam/quote.ts'

interface Seen extends SeenFailure {
  readonly isWriting: boolean
}

type Explain = (seen: Seen, location: PostgresLocation, place: PostgresPlace) => AdminError | null

/** Texts as Unicode that sorts by code point, whatever the server's own template has; the name follows. */
export const CREATE_DATABASE = 'createdb --encoding=UTF8 --template=template0 --locale=C'

const EXPLANATIONS: readonly Explain[] = [
  explainLocks,
  explainRights,
  explainDatabase,
  (seen, _, place) => explainPostgresConnection(seen, place),
]

/**
 * Turns what the driver or the server threw into words about this store. What is none of these comes back as it was.
 *
 * @param isWriting that there was something to write: who may not then lacks other rights than a reader
 */
export function translatePostgresError(error: unknown, location: PostgresLocation, isWriting = false): unknown {
  if (error instanceof AdminError) return error
  const seen = seenIn(error)
  if (seen === null) return error
  for (const explain of EXPLANATIONS) {
    const explained = explain({ ...seen, isWriting }, location, placeOf(location))
    if (explained !== null) return withCause(explained, error)
  }
  return error
}

function placeOf({ name, host }: PostgresLocation): PostgresPlace {
  const afterwards = 'nothing was changed in the store; run the command again'
  return { name, host, denied: 'DENIED_STORE', unavailable: 'UNAVAILABLE_STORE', afterwards }
}

function withCause(error: AdminError, cause: unknown): AdminError {
  const { code, message, suggestions, details } = error
  return new AdminError(code, message, { suggestions, details, cause })
}

function explainLocks({ code, isFromServer }: SeenFailure, { name }: PostgresLocation, place: PostgresPlace) {
  if (!isFromServer) return null
  if (code === '55P03') return unavailable(place, `the store ${name} is locked by another process`)
  if (code === '57014')
    return unavailable(place, `the store ${name} took too long for a statement, or was told to stop`)
  return code === '40P01' || code === '40001' ? unavailable(place, `the store ${name} is in use by others`) : null
}

function explainRights(seen: Seen, location: PostgresLocation, place: PostgresPlace) {
  const { code, message, isFromServer, isWriting } = seen
  if (!isFromServer || code !== '42501') return null
  const { name } = location
  const must = message.startsWith('must be owner') ? '\nonly the owner of the schema brings it up to date' : ''
  const said = denied(place, `the rights of this user do not suffice at ${name}: ${message}${must}`)
  const grant = grantFor(message, location, isWriting)
  if (grant === null) return said
  return new AdminError(said.code, said.message, { details: said.details, suggestions: [asOwner(location, grant)] })
}

/** What whoever owns the database has to run. */
function grantFor(message: string, { user, database }: PostgresLocation, isWriting: boolean): string | null {
  const role = identifier(user)
  const [, kind, object] = /^permission denied for (database|schema|table|sequence) "?([^"]+)"?$/.exec(message) ?? []
  if (kind === 'database') return `GRANT CONNECT, CREATE ON DATABASE ${identifier(database)} TO ${role}`
  if (kind === 'schema') return `GRANT USAGE ON SCHEMA ${object} TO ${role}`
  if (kind === 'table')
    return isWriting ? grantsOfWriter(role) : `GRANT SELECT ON ALL TABLES IN SCHEMA admin TO ${role}`
  return null
}

/** The server names the table, not the right that is missing. */
function grantsOfWriter(role: string): string {
  return [
    `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA admin TO ${role}`,
    `REVOKE INSERT ON admin.migrations FROM ${role}`,
    `GRANT UPDATE ON admin.users TO ${role}`,
    `GRANT DELETE ON admin.assignments TO ${role}`,
    `GRANT UPDATE, DELETE ON admin.kept_tokens TO ${role}`,
  ].join('; ')
}

function asOwner({ host, port, database }: PostgresLocation, statement: string): string {
  return `psql -h ${shellQuote(host)} -p ${port} -d ${shellQuote(database)} -c ${shellQuote(statement)}`
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function explainDatabase({ code, message, isFromServer }: SeenFailure, location: PostgresLocation): AdminError | null {
  const { name, host, port, database } = location
  if (!isFromServer) return null
  if (code === '3D000') {
    const create = `${CREATE_DATABASE} -h ${shellQuote(host)} -p ${port} ${shellQuote(database)}`
    const details = { location: name }
    return new AdminError('NOT_FOUND_STORE', `there is no database at ${name}`, { suggestions: [create], details })
  }
  if (!/^42(P01|703|883)$/.test(code)) return null
  return new AdminError(
    'INVALID_DATABASE',
    `the store ${name} lacks a part of its schema: ${message}\nsomebody changed it behind our back; restore it from a backup`,
  )
}
