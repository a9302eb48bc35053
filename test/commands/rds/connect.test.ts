import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import {
  admin,
  adminFile,
  adminJson,
  projectRoot,
  type RunOptions,
  startAdmin,
  temporaryDirectory,
} from '../../support/admin.ts'
import { testWithPsql } from '../../support/database-clients.ts'
import { describePostgres } from '../../support/engines.ts'
import { clockStandingAt } from '../../support/frozen-clock.ts'
import type { PostgresServer } from '../../support/postgres-server.ts'
import { atTerminal, keys as pressed } from '../../support/terminal.ts'

const endpoint = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
const other = 'other.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hidden-key' }
const directory = temporaryDirectory()
const home = join(directory, 'home')
mkdirSync(home)

/**
 * No server but those of AWS can check a token of IAM. So the clock of the program stands still, which makes the token
 * known beforehand, and the user of the database has it for a password, to be sent as it is, as PAM has it on RDS.
 */
const env = { HOME: home, ...keys, ...clockStandingAt('2026-03-01T09:30:00Z') }

describePostgres(
  'rds connect to a server whose user has the token of that instant for a password',
  (server: () => PostgresServer) => {
    let token = ''

    beforeAll(async () => {
      token = (await admin(['rds', 'token', ...words()], { env })).stdout.trimEnd()
      await server().query('postgres', `CREATE ROLE analyst LOGIN PASSWORD '${token}'`)
    })

    const words = (signHost = endpoint) => [
      ...['--hostname', 'localhost', '--port', String(server().port), '--sign-host', `${signHost}:5432`],
      ...['--username', 'analyst', '--dbname', 'postgres'],
    ]
    const connect = (more: readonly string[], options: RunOptions = {}, signHost = endpoint) =>
      admin(['rds', 'connect', ...words(signHost), ...more], { ...options, env: { ...env, ...options.env } })
    const trusted = () => ['--ca-bundle', server().caFile]
    const query = (sql: string) => ['--', '--no-align', '--tuples-only', '--command', sql]

    testWithPsql('psql is let in over TLS, the certificate being that of the endpoint, not of the tunnel', async () => {
      const sql = 'select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()'
      expect(await connect([...trusted(), ...query(sql)])).toEqual({
        ...{ exitCode: 0, signal: null, stdout: 'analyst|t\n', stderr: '' },
      })
    })

    testWithPsql(
      'what the person has for libpq in the environment leads it nowhere else, nor to less TLS',
      async () => {
        const astray = {
          ...{ PGHOST: '203.0.113.1', PGHOSTADDR: '203.0.113.1', PGPORT: '1', PGUSER: 'mallory', PGPASSWORD: 'wrong' },
          ...{ PGSSLMODE: 'disable', PGSSLROOTCERT: '/nowhere.pem', PGSERVICE: 'nowhere', PGDATABASE: 'nowhere' },
        }
        const ended = await connect([...trusted(), ...query('select current_user')], { env: astray })
        expect(ended).toMatchObject({ exitCode: 0, stdout: 'analyst\n' })
      },
    )

    testWithPsql('a server whose certificate is for another host is refused by psql, exit 2', async () => {
      const { exitCode, stdout, stderr } = await connect([...trusted(), ...query('select 1')], {}, other)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toMatch(/server certificate for "localhost".* does not match host name "other\.cluster-/)
    })

    testWithPsql('a server whose certificate is of another authority is refused by psql, exit 2', async () => {
      const bundle = join(directory, 'other-ca.pem')
      const authority = ['-keyout', join(directory, 'other-key.pem'), '-out', bundle, '-subj', '/CN=somebody else']
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
      execFileSync('openssl', ['req', '-x509', ...key, ...authority, '-days', '2'], { stdio: 'pipe' })
      const { exitCode, stderr } = await connect(['--ca-bundle', bundle, ...query('select 1')])
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining('certificate verify failed'),
      })
    })

    testWithPsql('the exit code is that of psql: 3 for an error in a script', async () => {
      const script = ['--', '--set', 'ON_ERROR_STOP=1', '--file', '-']
      const { exitCode, stderr } = await connect([...trusted(), ...script], { stdin: 'select 1/0;\n' })
      expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringContaining('division by zero') })
    })

    testWithPsql('the input of psql is ours, and a signal that ends us ends it: exit 128 and its number', async () => {
      const child = startAdmin(['rds', 'connect', ...words(), ...trusted(), '--', '--quiet', '--tuples-only'], { env })
      const ended = new Promise((resolve) => child.once('close', resolve))
      child.stdin?.write('select pg_backend_pid();\n')
      const pid = await new Promise<string>((resolve) =>
        child.stdout?.once('data', (text) => resolve(`${text}`.trim())),
      )
      child.kill('SIGTERM')
      expect(await ended).toBe(128 + 15)
      await expect(gone(server(), pid)).resolves.toBe(true)
    })

    testWithPsql('at a terminal Ctrl-C cancels a query of psql, and the session goes on', async () => {
      const steps = [
        { expect: 'postgres=>' },
        { send: 'select pg_sleep(600);\r' },
        { expect: 'pg_sleep' },
        { meanwhile: ['sleep', '1'] },
        { send: pressed.interrupt },
        { expect: 'canceling statement due to user request' },
        { send: "select 'still ' || 'here';\r" },
        { expect: 'still here' },
        { send: '\\q\r' },
      ]
      const argv = ['rds', 'connect', ...words(), ...trusted(), '--', '--no-psqlrc', '--pset', 'pager=off']
      expect((await atTerminal(argv, steps, { env })).exitCode).toBe(0)
    })

    testWithPsql(
      'the token stands in no command line and in no file, and nothing that is printed repeats it',
      async () => {
        const child = startAdmin(['rds', 'connect', ...words(), ...trusted(), '--', '--quiet', '--tuples-only'], {
          env: { ...env, DEBUG: '*' },
        })
        const said: string[] = []
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(`${text}`))
        const ended = new Promise((resolve) => child.once('close', resolve))
        const connected = new Promise((resolve) => child.stdout?.once('data', resolve))
        child.stdin?.write("select 'in';\n")
        await connected
        const lines = commandLines()
        const signature = /X-Amz-Signature=(\w+)/.exec(token)?.[1] ?? 'none'
        expect(lines.filter((line) => line.includes('psql'))).toContainEqual(expect.stringMatching(/psql --quiet/))
        expect(lines.filter((line) => line.includes(signature))).toEqual([])
        child.stdin?.end('\\conninfo\n\\set\nselect 1;\n\\s\n')
        expect(await ended).toBe(0)
        expect(said.join('')).not.toContain(signature)
        expect(filesWith(signature, [home, directory])).toEqual([])
      },
    )
  },
  {
    isTls: true,
    certificateNames: [endpoint],
    accessRules: ['hostnossl all all all reject', 'hostssl all analyst all password'],
  },
)

/** Of all processes that may be looked at, words parted by spaces. */
function commandLines(): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    } catch {
      return ''
    }
  })
}

function filesWith(text: string, folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  return files.filter((file) => readFileSync(file, 'latin1').includes(text))
}

/** The server needs a moment to notice. */
async function gone(server: PostgresServer, pid: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const rows = await server.query('postgres', 'SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])
    if (rows.length === 0) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

/** Nothing is connected to. */
const anywhere = ['rds', 'connect', '--hostname', endpoint, '--username', 'analyst']

test('without a client in PATH it ends with exit 4, before there is a token', async () => {
  for (const [engine, names] of [
    ['postgres', 'psql'],
    ['mysql', 'mysql, mariadb'],
    ['mariadb', 'mariadb, mysql'],
  ] as const) {
    const options = { env: { PATH: directory, HOME: home } }
    const { exitCode, stdout, stderr } = await admin([...anywhere, '--engine', engine], options)
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(stderr).toContain(`looked for ${names} in PATH`)
  }
})

testWithPsql('without the certificates of RDS it ends with exit 4 and says where they are to be had', async () => {
  const urls = {
    [endpoint]: 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem',
    'demo.abcdefghijkl.us-gov-west-1.rds.amazonaws.com':
      'https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/global-bundle.pem',
    'demo.abcdefghijkl.rds.cn-north-1.amazonaws.com.cn':
      'https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem',
  }
  for (const [hostname, url] of Object.entries(urls)) {
    const argv = ['rds', 'connect', '--hostname', hostname, '--username', 'analyst', '--port', '5432']
    const { exitCode, stderr } = await admin(argv, { env })
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: expect.stringContaining(url) })
  }
})

testWithPsql('the certificates may be named in the configuration; a file that is none is refused', async () => {
  const bundle = join(directory, 'bundle.pem')
  const config = join(directory, 'config.yaml')
  writeFileSync(config, `rds:\n  caBundle: ${bundle}\n`, { mode: 0o600 })
  const run = () => admin([...anywhere, '--port', '5432', '--config', config], { env })
  expect(await run()).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(bundle) })
  writeFileSync(bundle, '<html>')
  expect(await run()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no bundle') })
  writeFileSync(config, 'rds:\n  caBundle: bundle.pem\n', { mode: 0o600 })
  expect(await run()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('must be an absolute path') })
})

test.each([
  [['--host=evil.example'], 'postgres'],
  [['-h', 'evil.example'], 'postgres'],
  [['-hevil.example'], 'postgres'],
  [['postgresql://evil.example/x'], 'postgres'],
  [['host=evil.example'], 'postgres'],
  [['--dbname=sslmode=disable'], 'postgres'],
  [['-d', 'service=evil'], 'postgres'],
  [['--quiet', '--password'], 'postgres'],
  [['--host', 'evil.example'], 'mysql'],
  [['--skip-ssl'], 'mysql'],
  [['--ssl-mode=DISABLED'], 'mysql'],
  [['-uroot'], 'mysql'],
  [['-qtAh', 'evil.example'], 'postgres'],
  [['--hos=evil.example'], 'postgres'],
  [['-BNhevil.example'], 'mysql'],
  [['--loose-ssl-mode=DISABLED'], 'mysql'],
  [[' host=evil.example sslmode=disable'], 'postgres'],
  [['-c', '-c', '-h', 'evil.example'], 'postgres'],
  [['--', 'host=evil.example'], 'postgres'],
  [['-e', '-e', '-h', 'evil.example', '--skip_ssl'], 'mysql'],
])('words that would lead the token elsewhere are refused: %j for %s', async (given, engine) => {
  const { stdout, exitCode } = await admin([...anywhere, '--engine', engine, '--json', '--', ...given], { env })
  expect({ exitCode, code: JSON.parse(stdout).error.code }).toEqual({ exitCode: 2, code: 'USAGE_ARGUMENT' })
})

const { commands } = JSON.parse(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'))

testWithPsql('an example of the help goes as far as a machine without the certificates of RDS lets it', async () => {
  for (const example of commands['rds:connect'].examples) {
    const line = example.replace('<%= config.bin %>', `"${process.execPath}" "${adminFile}"`)
    const run = () => execFileSync('sh', ['-c', line], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: 'pipe' })
    expect(run).toThrow(expect.objectContaining({ status: 4, stdout: Buffer.alloc(0) }))
  }
})

test('--json is refused, for what the client prints is not ours', async () => {
  const { json, exitCode } = await adminJson(anywhere, { env: { PATH: directory, HOME: home } })
  expect({ exitCode, error: json.error }).toMatchObject({
    exitCode: 2,
    error: { code: 'USAGE_FLAG', message: expect.stringContaining('what the client prints') },
  })
})

test('a tunnel to MySQL is refused, for its clients check no other name than the one they connect to', async () => {
  const argv = ['rds', 'token', '--hostname', 'localhost', '--port', '13306', '--sign-host', `${endpoint}:3306`]
  const run = await adminJson([...argv, '--username', 'analyst', '--engine', 'mysql', '--format', 'env'], { env })
  expect(run.exitCode).toBe(0)
  const text = await admin([...argv, '--username', 'analyst', '--engine', 'mysql', '--format', 'env'], { env })
  expect(text).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining('/etc/hosts') })
})
