import type { Client, ClientConfig, CustomTypesConfig } from 'pg'
import { asksForAnotherWay, noPassword } from '../../connection/postgres-failures.ts'
import type { PostgresLocation } from '../../connection/postgres-location.ts'
import { byFirstWay, type Tls, tlsWays } from '../../connection/tls-options.ts'
import { AdminError } from '../../errors.ts'
import { CREATE_DATABASE } from './postgres-errors.ts'

/** Everything of ours stands in this schema. */
export const SCHEMA = 'admin'

const OLDEST_VERSION = 140_000
const INT8 = 20

/** One connection that is set up as this program needs it. */
export interface Session {
  readonly client: Client
  /** Of the server's process. */
  readonly pid: number
  /** As `18.4`. */
  readonly version: string
  readonly isAlive: () => boolean
  /** The server has said that it closes the connection, or it broke: nobody is to use it again. */
  readonly giveUp: () => void
  readonly end: () => Promise<void>
}

/**
 * Connects by the first way that the server takes.
 *
 * @throws AdminError DENIED_STORE, INVALID_DATABASE; and what the driver throws
 */
export async function openSession(location: PostgresLocation): Promise<Session> {
  const { Client, types } = (await import('pg')).default
  const custom: CustomTypesConfig = {
    getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)),
  }
  const tryWay = async (tls: Tls): Promise<Session> => {
    const client = new Client(clientConfig(location, tls, custom))
    try {
      return await connect(client, location)
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
  }
  return byFirstWay(tlsWays(location.tls, location.host), tryWay, asksForAnotherWay)
}

/** What the environment would say is said here: the driver itself must look for nothing. */
function clientConfig(location: PostgresLocation, tls: Tls, types: CustomTypesConfig): ClientConfig {
  const { host, port, user, database, connectTimeout } = location
  return {
    host,
    port,
    user,
    database,
    types,
    ssl: tls,
    application_name: 'admin',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    password: async () => {
      const password = await location.password()
      if (password === null) throw noPassword(location, 'DENIED_STORE')
      return password
    },
  }
}

async function connect(client: Client, location: PostgresLocation): Promise<Session> {
  let isAlive = true
  // Without a listener what the server says between two statements, as that it shuts down, would end the program.
  const giveUp = () => {
    isAlive = false
  }
  client.on('error', giveUp)
  client.on('end', giveUp)
  await client.connect()
  const { pid, version } = await setUp(client, location)
  return { client, pid, version, isAlive: () => isAlive, giveUp, end: () => client.end() }
}

interface SetUp {
  readonly pid: number
  readonly version: string
  readonly version_number: number
  readonly encoding: string
}

/**
 * Our schema alone, ours before temporary tables; limits for locks and statements; what was committed is on the disk; and
 * a server that notices soon that we are gone, for we may hold the lock of all writers.
 */
const SET_UP = `
    SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version,
      current_setting('server_version_num')::int AS version_number, current_setting('server_encoding') AS encoding,
      set_config('search_path', '${SCHEMA}, pg_temp', false), set_config('lock_timeout', '30s', false),
      set_config('statement_timeout', '60s', false), set_config('idle_in_transaction_session_timeout', '10min', false),
      set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false),
      set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
      set_config('tcp_keepalives_count', '6', false), set_config('timezone', 'UTC', false)`

async function setUp(client: Client, { name, connectTimeout }: PostgresLocation): Promise<SetUp> {
  const query = { query_timeout: connectTimeout, text: SET_UP }
  const { rows } = await client.query<SetUp>(query)
  const [setUp] = rows
  if (setUp === undefined) throw new Error('the server answered a SELECT without FROM with no row')
  refuseUnfit(setUp, name)
  return setUp
}

function refuseUnfit({ version, version_number, encoding }: SetUp, name: string): void {
  if (version_number < OLDEST_VERSION) {
    throw new AdminError('INVALID_DATABASE', `${name} is PostgreSQL ${version}, expected 14 or newer`)
  }
  if (encoding === 'UTF8') return
  throw new AdminError('INVALID_DATABASE', `${name} keeps its texts in ${encoding}, expected UTF8`, {
    suggestions: [`${CREATE_DATABASE} admin`],
  })
}
