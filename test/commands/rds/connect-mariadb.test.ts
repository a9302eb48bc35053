import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect } from '@jest/globals'
import { admin, adminFile, temporaryDirectory } from '../../support/admin.ts'
import { clockStandingAt } from '../../support/frozen-clock.ts'
import { describeMariadb } from '../../support/mariadb-server.ts'
import { testAsRoot } from '../../support/people.ts'

const endpoint = 'orders.abcdefghijkl.us-east-2.rds.amazonaws.com'
const other = 'others.abcdefghijkl.us-east-2.rds.amazonaws.com'
const directory = temporaryDirectory()
const hosts = join(directory, 'hosts')
writeFileSync(hosts, `127.0.0.1 localhost ${endpoint} ${other}\n`)

const env = (home: string) => {
  mkdirSync(join(directory, home), { recursive: true })
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hidden-key' }
  return { HOME: join(directory, home), ...keys, ...clockStandingAt('2026-03-01T09:30:00Z') }
}

/** In a mount namespace of its own, where the names of the endpoints lead to this machine: the advice for tunnels. */
const withHosts = {
  node: '/usr/bin/unshare',
  file: '--mount',
  before: ['sh', '-c', `mount --bind ${hosts} /etc/hosts && exec "$0" "$@"`, process.execPath, adminFile],
}

describeMariadb(
  'rds connect to a MariaDB whose user has the token of that instant for a password',
  (server) => {
    let token = ''

    const words = (hostname: string) => [
      ...['--hostname', hostname, '--port', String(server().port), '--sign-host', `${hostname}:3306`],
      ...['--username', 'analyst', '--engine', 'mariadb'],
    ]
    const connect = (more: readonly string[], home = 'home', hostname = endpoint) =>
      admin([...withHosts.before, 'rds', 'connect', ...words(hostname), '--ca-bundle', server().caFile, ...more], {
        program: withHosts,
        env: env(home),
      })

    beforeAll(async () => {
      token = (await admin(['rds', 'token', ...words(endpoint)], { env: env('home') })).stdout.trimEnd()
      await server().query(`CREATE USER analyst@'%' IDENTIFIED BY '${token}' REQUIRE SSL`)
    })

    testAsRoot('its client is let in over TLS that is checked', async () => {
      const sql = "SELECT current_user(); SHOW STATUS LIKE 'Ssl_cipher'"
      const { stdout, stderr, exitCode } = await connect(['--', '--skip-column-names', '--execute', sql])
      expect({ stdout, stderr, exitCode }).toMatchObject({ exitCode: 0, stderr: '' })
      expect(stdout).toMatch(/^analyst@%\nSsl_cipher\tTLS_/)
    })

    testAsRoot('a certificate for another host is refused by the client, exit 1', async () => {
      const { exitCode, stderr } = await connect(['--', '--execute', 'SELECT 1'], 'home', other)
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/TLS\/SSL error/) })
    })

    testAsRoot('a password in the option files of the person is not taken for the token', async () => {
      const { HOME } = env('other-home')
      writeFileSync(join(HOME, '.my.cnf'), '[client]\npassword=wrong\nssl-verify-server-cert=0\n')
      const { stdout, stderr, exitCode } = await connect(['--', '-N', '-e', 'SELECT current_user()'], 'other-home')
      expect({ stdout, exitCode }).toEqual({ exitCode: 0, stdout: 'analyst@%\n' })
      expect(stderr).toContain('your option files hold a password')
    })
  },
  endpoint,
)
