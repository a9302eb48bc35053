import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { test } from '@jest/globals'
import { isRoot } from './people.ts'

const PSQL = { program: '/usr/bin/psql', package: 'postgresql-client' }
const MYSQL = { program: '/usr/bin/my_print_defaults', package: 'mariadb-client' }

type Client = typeof PSQL

/** A test that needs psql. Where it is not and cannot be installed the test is skipped, and says so. */
export function testWithPsql(title: string, work: () => Promise<void> | void): void {
  testWith(PSQL, title, work)
}

/** A test that needs the programs around the client of MySQL, which Debian has of MariaDB. */
export function testWithMysqlClient(title: string, work: () => Promise<void> | void): void {
  testWith(MYSQL, title, work)
}

function testWith(client: Client, title: string, work: () => Promise<void> | void): void {
  const isThere = isInstalled(client)
  if (!isThere) process.stderr.write(`SKIPPED, as it needs ${client.program} (${client.package}): ${title}\n`)
  const declare = isThere ? test : test.skip
  declare(title, work)
}

/** Root on Debian gets it from Debian. Several test files may want that at once. */
function isInstalled(client: Client): boolean {
  if (!existsSync(client.program) && isRoot && existsSync('/usr/bin/apt-get')) install(client)
  return existsSync(client.program)
}

function install({ program, package: name }: Client): void {
  const script = `test -e ${program} || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends ${name}; }`
  try {
    execFileSync('flock', ['/tmp/admin-database-clients.lock', 'sh', '-c', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  } catch (error) {
    process.stderr.write(`${name} could not be installed: ${error instanceof Error ? error.message : error}\n`)
  }
}
