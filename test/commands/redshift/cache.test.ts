import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { seedWarehouse } from '../../support/aws-seeds.ts'
import { elsewhere, emulatedAws } from '../../support/emulated-aws.ts'
import { testWithDisk, withSmallDisk } from '../../support/small-disk.ts'

const here = emulatedAws()
const directory = temporaryDirectory()
const analyst = ['--cluster', 'demo-cluster', '--db-name', 'dev', '--db-user', 'analyst']
let env: Record<string, string>
let cache: string

beforeEach(async () => {
  await seedWarehouse(here.reader, 'demo-cluster')
  here.aws.forget()
  const root = join(mkdtempSync(join(directory, 'cache-')), 'admin')
  cache = join(root, 'credentials')
  env = { ...here.env, ADMIN_CACHE_DIRECTORY: root }
})

async function credentials(argv: readonly string[], more: Readonly<Record<string, string | undefined>> = {}) {
  const { json, exitCode, stderr } = await adminJson(['redshift', 'credentials', ...argv], { env: { ...env, ...more } })
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
  return json
}

const asked = () => here.aws.actions.filter((action) => action.startsWith('GetCluster')).length
const entries = () => readdirSync(cache).filter((name) => name.endsWith('.json'))

describe('a password that is kept', () => {
  test('is the answer to the same question of the same caller, and AWS hears nothing of it', async () => {
    const first = await credentials(analyst)
    here.aws.forget()
    const second = await credentials([...analyst, '--method', 'get-cluster-credentials'])
    expect(second).toEqual({ ...first, cached: true })
    expect(here.aws.requests).toEqual([])
  })

  test('is in a file that nobody else can read, and nowhere beside it', async () => {
    const { dbPassword } = await credentials(analyst)
    const [name = ''] = entries()
    expect([statSync(cache).mode & 0o777, statSync(join(cache, name)).mode & 0o777]).toEqual([0o700, 0o600])
    expect(readFileSync(join(cache, name), 'utf8')).toContain(dbPassword)
    expect(readFileSync(join(cache, name), 'utf8')).not.toMatch(/secret"|AKIA/)
    expect(readdirSync(cache).map((file) => statSync(join(cache, file)).mode & 0o077)).toEqual([0, 0])
  })

  test('is the answer to no other question', async () => {
    const others = [
      ['--cluster', 'demo-cluster', '--db-name', 'sales', '--db-user', 'analyst'],
      ['--cluster', 'demo-cluster', '--db-name', 'dev', '--db-user', 'auditor'],
      ['--cluster', 'demo-cluster', '--db-name', 'dev'],
      [...analyst, '--auto-create'],
      [...analyst, '--group', 'readers'],
      [...analyst, '--duration', '20m'],
      [...analyst, '--host', 'localhost'],
      [...analyst, '--region', 'us-east-1'],
    ]
    await credentials(analyst)
    for (const [index, argv] of others.entries()) {
      expect(await credentials(argv)).toMatchObject({ cached: false })
      expect(asked()).toBe(index + 2)
    }
  })

  test('is of whoever asked: another key, session, secret, profile, token or region is somebody else', async () => {
    const { aws } = here
    await seedWarehouse(elsewhere(here, { account: '222233334444' }).reader, 'demo-cluster')
    await seedWarehouse(elsewhere(here, { region: 'eu-west-1' }).reader, 'demo-cluster')
    const config = join(mkdtempSync(join(directory, 'aws-')), 'config')
    const keys = `aws_access_key_id = ${env.AWS_ACCESS_KEY_ID}\naws_secret_access_key = secret\n`
    writeFileSync(config, `[profile one]\n${keys}[profile two]\n${keys}`)
    aws.forget()
    const callers: readonly Readonly<Record<string, string | undefined>>[] = [
      {},
      { AWS_ACCESS_KEY_ID: 'AKIA222233334444TEST' },
      { AWS_SECRET_ACCESS_KEY: 'other' },
      { AWS_SESSION_TOKEN: 'token' },
      { AWS_REGION: 'eu-west-1' },
      { AWS_CONFIG_FILE: config, AWS_PROFILE: 'one' },
      { AWS_CONFIG_FILE: config, AWS_PROFILE: 'two' },
    ]
    const passwords = []
    for (const caller of callers) passwords.push((await credentials(analyst, caller)).dbPassword)
    expect(new Set(passwords).size).toBe(callers.length)
    for (const [index, caller] of callers.entries())
      expect(await credentials(analyst, caller)).toMatchObject({ dbPassword: passwords[index], cached: true })
    expect(asked()).toBe(callers.length)
  })

  test('of a web identity is of its token: the role is not even assumed for what is kept', async () => {
    const token = join(mkdtempSync(join(directory, 'token-')), 'token')
    writeFileSync(token, 'first')
    const web = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/analyst',
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_SESSION_NAME: 'alice',
    }
    const first = await credentials(analyst, web)
    here.aws.forget()
    expect(await credentials(analyst, web)).toEqual({ ...first, cached: true })
    expect(here.aws.requests).toEqual([])
    expect(await credentials(analyst, { ...web, AWS_ROLE_SESSION_NAME: 'bob' })).toMatchObject({ cached: false })
    writeFileSync(token, 'second')
    expect(await credentials(analyst, web)).toMatchObject({ cached: false })
    expect(here.aws.actions.filter((action) => action === 'AssumeRoleWithWebIdentity')).toHaveLength(2)
  })

  test('of a process that hands out credentials is of what it hands out', async () => {
    const config = join(mkdtempSync(join(directory, 'aws-')), 'config')
    const keys = join(directory, 'keys.json')
    writeFileSync(config, `[profile process]\ncredential_process = cat ${keys}\n`)
    const handOut = (SecretAccessKey: string) =>
      writeFileSync(keys, JSON.stringify({ Version: 1, AccessKeyId: env.AWS_ACCESS_KEY_ID, SecretAccessKey }))
    const caller = { AWS_CONFIG_FILE: config, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
    const argv = [...analyst, '--profile', 'process']
    handOut('one')
    expect(await credentials(argv, caller)).toMatchObject({ cached: false })
    expect(await credentials(argv, caller)).toMatchObject({ cached: true })
    handOut('two')
    expect(await credentials(argv, caller)).toMatchObject({ cached: false })
  })

  test('is given away no more when two minutes are left, and goes when it has ended', async () => {
    const { dbPassword } = await credentials(analyst)
    const [name = ''] = entries()
    expire(name, 119)
    const second = await credentials(analyst)
    expect(second).toMatchObject({ cached: false })
    expect(second.dbPassword).not.toBe(dbPassword)
    expire(name, -1)
    await credentials([...analyst, '--duration', '1h'])
    expect(entries()).toHaveLength(1)
    expect(entries()).not.toContain(name)
  })

  test('that is damaged is fetched anew', async () => {
    await credentials(analyst)
    const [name = ''] = entries()
    for (const text of ['', '{"inputs":', '{"inputs":{},"value":{}}', '[]'] as const) {
      writeFileSync(join(cache, name), text)
      expect(await credentials(analyst)).toMatchObject({ cached: false })
    }
  })
})

describe('--no-cache', () => {
  test('asks AWS, and leaves nothing on disk', async () => {
    expect(await credentials([...analyst, '--no-cache'])).toMatchObject({ cached: false })
    expect(() => readdirSync(cache)).toThrow('ENOENT')
  })

  test('does not read what is there, nor replace it', async () => {
    const first = await credentials(analyst)
    const second = await credentials([...analyst, '--no-cache'])
    expect(second.dbPassword).not.toBe(first.dbPassword)
    expect(await credentials(analyst)).toEqual({ ...first, cached: true })
  })

  test('is what helps where the cache cannot be used', async () => {
    const argv = ['redshift', 'credentials', ...analyst]
    const file = join(directory, 'a-file')
    writeFileSync(file, '')
    const broken = { env: { ...env, ADMIN_CACHE_DIRECTORY: file } }
    const { stderr, stdout, exitCode } = await admin(argv, broken)
    expect({ stdout, exitCode, stderr }).toEqual({
      stdout: '',
      exitCode: 3,
      stderr: expect.stringContaining('--no-cache'),
    })
    expect((await admin([...argv, '--no-cache'], broken)).exitCode).toBe(0)
  })
})

test('six at once whom AWS throttles for good ask once, and all say that', async () => {
  here.aws.inject({ action: 'DescribeClusters', kind: 'throttle', times: 1000 })
  const more = { AWS_MAX_ATTEMPTS: '3' }
  const argv = ['redshift', 'credentials', ...analyst]
  const runs = await Promise.all(Array.from({ length: 6 }, () => adminJson(argv, { env: { ...env, ...more } })))
  expect(new Set(runs.map(({ exitCode, json }) => `${exitCode} ${json.error.code}`))).toEqual(
    new Set(['7 UNAVAILABLE_AWS']),
  )
  expect(here.aws.actions).toHaveLength(3)
}, 60_000)

testWithDisk('a disk that is full costs a warning, and not the password', async () => {
  await withSmallDisk({ kilobytes: 32 }, async (disk) => {
    const kept = join(disk, 'admin', 'credentials')
    mkdirSync(kept, { recursive: true, mode: 0o700 })
    expect(() => writeFileSync(join(disk, 'taken'), Buffer.alloc(64 * 1024))).toThrow('ENOSPC')
    const full = { env: { ...env, ADMIN_CACHE_DIRECTORY: join(disk, 'admin') } }
    const { stdout, stderr, exitCode } = await admin(['redshift', 'credentials', ...analyst], full)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('export PGPASSWORD=') })
    expect(stderr).toContain('Warning: these credentials could not be kept')
  })
})

testWithDisk('a disk without room for the cache is told before AWS is asked', async () => {
  await withSmallDisk({ kilobytes: 32, files: 1 }, async (disk) => {
    const full = { env: { ...env, ADMIN_CACHE_DIRECTORY: join(disk, 'admin') } }
    const { json, exitCode } = await adminJson(['redshift', 'credentials', ...analyst], full)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_FILE' })
    expect(json.error.message).toContain('--no-cache does without it')
    expect(here.aws.requests).toEqual([])
  })
})

test('200 at once make one call of each kind, and all get the same password', async () => {
  const runs = Array.from({ length: 200 }, () => adminJson(['redshift', 'credentials', ...analyst], { env }))
  const answers = await Promise.all(runs)
  expect(answers.filter(({ exitCode }) => exitCode !== 0)).toEqual([])
  expect(new Set(answers.map(({ json }) => json.dbPassword)).size).toBe(1)
  expect(answers.filter(({ json }) => json.cached === false)).toHaveLength(1)
  expect(here.aws.actions).toEqual(['DescribeClusters', 'GetClusterCredentials'])
}, 120_000)

function expire(name: string, seconds: number): void {
  const file = join(cache, name)
  const expiration = `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`
  const entry = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...entry, value: { ...entry.value, expiration } }))
}
