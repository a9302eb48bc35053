import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { createConnection } from 'mysql2/promise'
import { freePort } from './free-port.ts'
import { isRoot } from './people.ts'

const PROGRAM = '/usr/sbin/mariadbd'
const PACKAGE = 'mariadb-server'
const NOBODY = 65534

export interface MariadbServer {
  readonly port: number
  readonly socket: string
  /** Where the certificate of the authority is. */
  readonly caFile: string
  /** Of `master`, who may make users. */
  readonly password: string
  /** Asks by a connection of its own, as root. */
  readonly query: (sql: string, values?: readonly string[]) => Promise<Record<string, unknown>[]>
  readonly remove: () => Promise<void>
}

/** Tests of MariaDB, with a certificate for that name. Where none is and none can be installed they are skipped, and say so. */
export function describeMariadb(
  title: string,
  work: (server: () => MariadbServer) => void,
  certificateName = 'localhost',
): void {
  if (!isThere) process.stderr.write(`SKIPPED, as it needs ${PROGRAM} (apt-get install ${PACKAGE}): ${title}\n`)
  const declare = isThere ? describe : describe.skip
  declare(title, () => {
    let server: MariadbServer | undefined
    beforeAll(async () => {
      server = await startMariadb(certificateName)
    })
    afterAll(() => server?.remove())
    work(() => {
      if (server === undefined) throw new Error('the server is started before the first test, not while declaring it')
      return server
    })
  })
}

const isThere = installOnce()

/** Root on Debian gets it from Debian, whose own server is kept from starting. Several test files may want that at once. */
function installOnce(): boolean {
  if (!existsSync(PROGRAM) && isRoot && existsSync('/usr/bin/apt-get')) {
    const script = `test -x ${PROGRAM} || { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends ${PACKAGE}; }`
    try {
      execFileSync('flock', ['/tmp/admin-mariadb.lock', 'bash', '-c', script], { stdio: ['ignore', 'ignore', 'pipe'] })
    } catch (error) {
      process.stderr.write(`${PACKAGE} could not be installed: ${error instanceof Error ? error.message : error}\n`)
    }
  }
  return existsSync(PROGRAM)
}

/** A server of the test's own, on a free port of the loopback interface. Ends with this process at the latest. */
async function startMariadb(certificateName: string): Promise<MariadbServer> {
  const directory = mkdtempSync(join(tmpdir(), 'admin-mariadb-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  makeCertificates(directory, certificateName)
  if (isRoot) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, directory])
  const data = join(directory, 'data')
  const socket = join(directory, 'socket')
  const words = ['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal']
  const asServer = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  execFileSync('mariadb-install-db', words, { ...asServer, cwd: directory, stdio: 'pipe' })
  const port = await freePort()
  const child = spawn(PROGRAM, ['--no-defaults', `--datadir=${data}`, ...settings(directory, port)], {
    ...asServer,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('exit', () => process.removeListener('exit', endWithUs))
  await ready(child)
  const query = (sql: string, values: readonly string[] = []) => ask(socket, sql, values)
  const password = randomUUID()
  await query(`CREATE USER master@'%' IDENTIFIED BY '${password}'`)
  await query("GRANT ALL PRIVILEGES ON *.* TO master@'%' WITH GRANT OPTION")
  return { port, socket, caFile: join(directory, 'ca.pem'), password, query, remove: () => remove(child, directory) }
}

function settings(directory: string, port: number): readonly string[] {
  return [
    `--socket=${join(directory, 'socket')}`,
    `--pid-file=${join(directory, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--ssl-ca=${join(directory, 'ca.pem')}`,
    `--ssl-cert=${join(directory, 'server.pem')}`,
    `--ssl-key=${join(directory, 'server-key.pem')}`,
    '--innodb-buffer-pool-size=8M',
    '--innodb-flush-log-at-trx-commit=0',
  ]
}

/** An authority, and a certificate of it for this name alone. */
function makeCertificates(directory: string, name: string): void {
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=authority of a test',
    '-days',
    '2',
  )
  openssl('req', ...key, '-keyout', 'server-key.pem', '-out', 'server.csr', '-subj', `/CN=${name}`)
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2']
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing)
}

/** The server says on stderr when it lets people in. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`mariadbd ended with ${code}: ${said}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString('utf8')}`.slice(-10_000)
      if (said.includes('ready for connections')) resolve()
    })
  })
}

async function remove(child: ChildProcess, directory: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await ended
  }
  rmSync(directory, { recursive: true, force: true })
}

async function ask(socketPath: string, sql: string, values: readonly string[]): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({ socketPath, user: 'root' })
  try {
    // What the driver puts into a text itself is wrong under NO_BACKSLASH_ESCAPES.
    const [rows] = values.length === 0 ? await connection.query(sql) : await connection.execute(sql, [...values])
    return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : []
  } finally {
    await connection.end()
  }
}
