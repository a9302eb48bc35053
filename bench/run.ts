/**
 * `npm run bench`: does what was promised of the speed still hold? Prints a table and exits 1 where a target is missed.
 *
 * Start-up is given as a ratio to `node -e 0` of the same Node in the same round, for milliseconds of one machine say
 * nothing about another and not even much about the same one a minute later. The store has 100,000 people with three
 * roles each and as many events. The crowd is 1,000 `set` commands, each a process of its own, 16 at once: what was
 * acknowledged must be there, nobody may be told of a lock, and the hash chain must be whole. Provisioning is compared
 * with the AWS CLI, both against the emulator of the tests. Everything happens in a temporary directory.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCrowd } from './crowd.ts'
import { benchRole, fillStore } from './fill-store.ts'
import { importing } from './import.ts'
import { importingIntoPostgres } from './import-postgres.ts'
import { interleave, median, ratio, type Timings } from './interleave.ts'
import { provisioning } from './provision.ts'
import { querying } from './queries.ts'
import { signing } from './rds.ts'
import { askingRedshift } from './redshift.ts'
import { sessions } from './sessions.ts'
import { atMost, formatTable, type Row } from './table.ts'
import { verifying } from './verify.ts'

const ROUNDS = 30
const USERS = 100_000
const MEGABYTE = 1024 ** 2
const admin = [process.execPath, join(import.meta.dirname, '..', 'dist', 'admin.cjs')]

const directory = mkdtempSync(join(tmpdir(), 'admin-bench-'))
const env = { PATH: process.env.PATH ?? '', HOME: directory }
const small = join(directory, 'small.db')
const large = join(directory, 'large.db')

try {
  say(`filling a store with ${USERS.toLocaleString('en')} people`)
  fillStore(small, 1)
  fillStore(large, USERS)
  say(`start-up, ${ROUNDS} rounds`)
  const rows = [...(await startUp())]
  rows.push(...(await sessions({ program: admin, store: large, directory, env, say })))
  const store = million()
  rows.push(...(await verifying({ program: admin, store, directory, say })))
  rows.push(...(await querying({ program: admin, store, directory, say })))
  say('1,000 commands, 16 at once')
  rows.push(...(await crowd()))
  say('import of 1,000,000 people')
  rows.push(...(await importing({ program: admin, directory, env })))
  say('the same into PostgreSQL')
  rows.push(...(await importingIntoPostgres({ program: admin, directory, env })))
  rows.push(...(await signing({ program: admin, directory, say })))
  rows.push(...(await provisioning({ program: admin, directory, say })))
  rows.push(...(await askingRedshift({ program: admin, directory, say })))
  console.log(`\nNode ${process.version}, ${process.platform} ${process.arch}\n\n${formatTable(rows)}`)
  if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}

/** As an administrator installs it: below a prefix, with its own Node, behind its launcher. */
function install(): string {
  const prefix = join(directory, 'prefix')
  const script = join(import.meta.dirname, '..', 'packaging', 'install.sh')
  execFileSync('sh', [script, prefix], { stdio: 'ignore' })
  return join(prefix, 'bin', 'admin')
}

async function startUp(): Promise<readonly Row[]> {
  const [first, second] = [benchRole(1), benchRole(2)]
  const timings = await interleave(
    { rounds: ROUNDS, warmUps: 3 },
    {
      bare: [process.execPath, '-e', '0'],
      get: [...admin, 'get-aws-role-arns', 'user-1', '--database', large],
      getInstalled: [install(), 'get-aws-role-arns', 'user-1', '--database', large],
      getSmall: [...admin, 'get-aws-role-arns', 'user-1', '--database', small],
      // Two that undo each other, so that each writes in every round.
      set: [...admin, 'set-aws-role-arns', 'user-1', first, '--database', large],
      setBack: [...admin, 'set-aws-role-arns', 'user-1', second, '--database', large],
      help: [...admin, '--help'],
    },
    env,
  )
  const of = (name: string): Timings => timings.get(name) ?? { seconds: [], bytes: [] }
  const bare = of('bare')
  return [
    { work: 'node -e 0', measured: `${(median(bare.seconds) * 1000).toFixed(0)} ms`, target: '', isMet: true },
    atMost('get, of 100,000 people', ratio(of('get'), bare), 2.2, 'x node -e 0'),
    atMost('get, installed', ratio(of('getInstalled'), bare), 2.2, 'x node -e 0'),
    atMost('get, peak memory', Math.max(...of('get').bytes, ...of('getInstalled').bytes) / MEGABYTE, 70, 'MB'),
    atMost('get, of 100,000 people', ratio(of('get'), of('getSmall')), 1.15, 'x get, of one'),
    atMost('set', ratio(of('set'), bare), 3.2, 'x node -e 0'),
    atMost('--help', ratio(of('help'), bare), 2.75, 'x node -e 0'),
  ]
}

/** A log of its own: what was promised of its verification was promised of a million events. */
function million(): string {
  const store = join(directory, 'million.db')
  say('filling a store with 1,000,000 people')
  fillStore(store, 1_000_000, 3000)
  return store
}

async function crowd(): Promise<readonly Row[]> {
  const request = { program: admin, env, database: large, commands: 1000, atOnce: 16, roleArn: benchRole(3) }
  const { perSecond, complaints, lost } = await runCrowd(request)
  for (const complaint of complaints.slice(0, 5)) console.error(complaint)
  const isWhole = verify()
  return [
    { work: '1,000 set, 16 at once', measured: `${perSecond.toFixed(0)} /s`, target: '', isMet: true },
    atMost('  acknowledged but not stored', lost.length, 0, ''),
    atMost('  failed or complained', complaints.length, 0, ''),
    { work: '  hash chain', measured: isWhole ? 'whole' : 'broken', target: 'whole', isMet: isWhole },
  ]
}

function verify(): boolean {
  const [file = '', ...before] = admin
  return spawnSync(file, [...before, 'audit', 'verify', '--database', large], { env }).status === 0
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`)
}
