import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator } from '../../support/aws-emulator.ts'
import { clockStandingAt } from '../../support/frozen-clock.ts'

const endpoint = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
const argv = ['rds', 'token', '--hostname', endpoint, '--port', '5432', '--username', 'analyst']
const directory = temporaryDirectory()
const NOW = '2026-03-01T09:30:00Z'
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hidden-key' }
const standing = { ...clockStandingAt(NOW), AWS_EC2_METADATA_DISABLED: 'true' }

/** A home directory with these profiles; `process` prints credentials as `credential_process` has it. */
function homeWith(name: string, config: string): Record<string, string> {
  const home = join(directory, name)
  mkdirSync(join(home, '.aws'), { recursive: true })
  writeFileSync(join(home, '.aws', 'config'), config)
  return { HOME: home, ...standing }
}

function processPrinting(expiration: string | null): string {
  const answer = {
    Version: 1,
    AccessKeyId: 'ASIDEXAMPLE',
    SecretAccessKey: 'hidden-key',
    SessionToken: 'hidden-session',
  }
  const file = join(directory, `process-${expiration?.replaceAll(':', '')}`)
  const json = JSON.stringify({ ...answer, ...(expiration !== null && { Expiration: expiration }) })
  writeFileSync(file, `#!/bin/sh\necho '${json}'\n`)
  chmodSync(file, 0o755)
  return file
}

const profileThatEnds = (name: string, expiration: string | null) =>
  homeWith(name, `[profile brief]\ncredential_process = ${processPrinting(expiration)}\nregion = us-east-2\n`)

describe('the end of a token', () => {
  test('is 15 minutes away where the credentials live longer, or have no end', async () => {
    const { json } = await adminJson(argv, { env: { ...keys, ...standing } })
    expect(json).toEqual({
      ...{ token: expect.stringContaining('X-Amz-Expires=900'), hostname: endpoint, port: 5432, username: 'analyst' },
      ...{ region: 'us-east-2', expiresAt: '2026-03-01T09:45:00Z', limitedBy: 'token', length: json.token.length },
    })
    const env = profileThatEnds('long', '2026-03-01T10:30:00Z')
    expect((await adminJson([...argv, '--profile', 'brief'], { env })).json).toMatchObject({
      ...{ expiresAt: '2026-03-01T09:45:00Z', limitedBy: 'token' },
    })
  })

  test('is that of the credentials where they end sooner', async () => {
    const env = profileThatEnds('short', '2026-03-01T09:37:30Z')
    expect((await adminJson([...argv, '--profile', 'brief'], { env })).json).toMatchObject({
      ...{ expiresAt: '2026-03-01T09:37:30Z', limitedBy: 'credentials' },
    })
    const handed = { ...keys, ...standing, AWS_SESSION_TOKEN: 's', AWS_CREDENTIAL_EXPIRATION: '2026-03-01T09:40:00Z' }
    expect((await adminJson(argv, { env: handed })).json).toMatchObject({
      ...{ expiresAt: '2026-03-01T09:40:00Z', limitedBy: 'credentials' },
    })
  })

  test('may be sooner where temporary keys do not say how long they live: a warning', async () => {
    const { exitCode, stderr } = await admin(argv, { env: { ...keys, ...standing, AWS_SESSION_TOKEN: 's' } })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('do not say until when') })
  })
})

describe('no token is signed, exit 6,', () => {
  const fails = async (env: Record<string, string>, more: readonly string[] = []) => {
    const { json, exitCode, stdout, stderr } = await adminJson([...argv, ...more], { env: { ...env, DEBUG: 'admin' } })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(`${stdout}${stderr}`).not.toMatch(/hidden-|X-Amz/)
    const text = await admin([...argv, ...more], { env })
    expect([text.stdout, text.exitCode]).toEqual(['', 6])
    return json.error
  }

  test('with credentials of the environment that have expired: since when, and how to be rid of them', async () => {
    const error = await fails({ ...keys, ...standing, AWS_CREDENTIAL_EXPIRATION: '2026-03-01T09:10:00Z' })
    expect(error.message).toContain('(environment) expired at 2026-03-01T09:10:00Z; it is 2026-03-01T09:30:00Z')
    expect(error.suggestions[0]).toMatch(/^unset AWS_ACCESS_KEY_ID/)
  })

  test('with credentials that end in less than two minutes', async () => {
    const handed = { ...keys, ...standing, AWS_CREDENTIAL_EXPIRATION: '2026-03-01T09:31:59Z' }
    expect((await fails(handed)).message).toContain(
      'expire at 2026-03-01T09:31:59Z, in 119 seconds, expected at least 120',
    )
    const longer = { ...handed, AWS_CREDENTIAL_EXPIRATION: '2026-03-01T09:32:00Z' }
    expect((await admin(argv, { env: longer })).exitCode).toBe(0)
  })

  test('with a profile whose process prints expired ones', async () => {
    const env = profileThatEnds('expired', '2026-03-01T09:00:00Z')
    expect((await fails(env, ['--profile', 'brief'])).message).toContain('profile "brief"')
  })

  test('without credentials: where they were looked for', async () => {
    const error = await fails({ HOME: join(directory, 'none'), ...standing })
    expect(error.message).toContain('there are no AWS credentials')
    expect(error.message).toContain('looked in the environment (AWS_ACCESS_KEY_ID)')
  })

  test.each([
    ['AWS_SECRET_ACCESS_KEY', { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE' }],
    ['AWS_ACCESS_KEY_ID', { AWS_SECRET_ACCESS_KEY: 'hidden-key' }],
  ])('with half a pair of keys in the environment: that %s is missing', async (name, half) => {
    const error = await fails({ HOME: join(directory, 'none'), ...standing, ...half })
    expect(error.message).toContain(`there are no AWS credentials: ${name} is missing in the environment`)
    expect(error.suggestions).toEqual([`export ${name}`])
  })

  test.each([
    ['half', '[default]\naws_access_key_id = AKID\n', 'has aws_access_key_id, and aws_secret_access_key is missing'],
    ['rest', '[default]\naws_secret_access_key = hidden-key\n', 'and aws_access_key_id is missing'],
    ['bare', 'aws_access_key_id = AKID\naws_secret_access_key = hidden-key\n', 'outside of any section'],
  ])('with %s of a file of credentials: which file, and what is wrong with it', async (name, text, words) => {
    const env = homeWith(`keys-${name}`, '')
    const file = join(String(env.HOME), '.aws', 'credentials')
    writeFileSync(file, text)
    const error = await fails({ ...env, ...standing })
    expect(error.message).toContain(words)
    expect(error.message.split('\n').find((line: string) => line.includes(words))).toContain(file)
  })

  test('with a misspelt profile, named by flag or environment, though there are keys', async () => {
    const env = { ...homeWith('profiles', '[profile prod]\nregion = us-east-2\n'), ...keys }
    expect((await fails(env, ['--profile', 'prodd'])).message).toContain('there is no profile "prodd"')
    expect((await fails({ ...env, AWS_PROFILE: 'prodd' })).message).toContain('AWS_PROFILE names the profile "prodd"')
  })

  test('with a token file of web identity that is not there', async () => {
    const role = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/analyst', AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/jwt' }
    const error = await fails({ HOME: join(directory, 'none'), ...standing, ...role })
    expect(error.message).toContain('AWS_WEB_IDENTITY_TOKEN_FILE names "/nowhere/jwt"')
  })
})

describe('with credentials that AWS hands out', () => {
  let aws: AwsEmulator | undefined
  beforeAll(async () => {
    aws = await AwsEmulator.start()
  })
  afterAll(() => aws?.stop())

  test('for a role of a profile, STS is asked once, by the SDK that is left in the bundle', async () => {
    const config = `[profile role]\nrole_arn = arn:aws:iam::123456789012:role/analyst\nsource_profile = base\n[profile base]\naws_access_key_id = AKIA123456789012ABCD\naws_secret_access_key = hidden-key\n`
    const env = { ...homeWith('role', config), NODE_OPTIONS: '', AWS_ENDPOINT_URL: aws?.url ?? '' }
    aws?.forget()
    const { json, exitCode } = await adminJson([...argv, '--profile', 'role'], { env })
    expect({ exitCode, limitedBy: json.limitedBy }).toEqual({ exitCode: 0, limitedBy: 'token' })
    expect(json.token).toContain('X-Amz-Security-Token=')
    expect(aws?.requests.map(({ service, action }) => `${service} ${action}`)).toEqual(['sts AssumeRole'])
  })
})

describe('a token', () => {
  test('stands alone on standard output', async () => {
    const { stdout, stderr } = await admin(argv, { env: { ...keys, ...standing } })
    expect(stdout).toMatch(new RegExp(`^${endpoint}:5432/\\?Action=connect&DBUser=analyst&[\\w&=%.-]+\\n$`))
    expect(stderr).toBe('')
  })

  test('is for the usual port of the engine where none is named, which is said', async () => {
    const bare = ['rds', 'token', '--hostname', endpoint, '--username', 'analyst']
    const usual = await admin(bare, { env: { ...keys, ...standing } })
    expect([usual.stdout, usual.stderr]).toEqual([
      expect.stringContaining(':5432/?'),
      expect.stringContaining('port 5432'),
    ])
    const mysql = await admin([...bare, '--engine', 'mysql'], { env: { ...keys, ...standing } })
    expect([mysql.stdout, mysql.stderr]).toEqual([
      expect.stringContaining(':3306/?'),
      expect.stringContaining('port 3306'),
    ])
  })

  test('says in JSON what it is signed for where that is not where to connect to', async () => {
    const tunnel = ['rds', 'token', '--hostname', 'localhost', '--port', '15432', '--username', 'analyst']
    const { json } = await adminJson([...tunnel, '--sign-host', `${endpoint}:5433`], { env: { ...keys, ...standing } })
    expect(json).toMatchObject({ hostname: 'localhost', port: 15_432, signHost: endpoint, signPort: 5433 })
    const same = [...argv, '--sign-host', `${endpoint}:5432`]
    expect((await adminJson(same, { env: { ...keys, ...standing } })).json).not.toHaveProperty('signHost')
  })

  test('is signed for the lower case of the host, and for the user as written', async () => {
    const shouted = [
      'rds',
      'token',
      '--hostname',
      `${endpoint.toUpperCase()}.`,
      '--port',
      '5432',
      '--username',
      'Analyst',
    ]
    const { stdout } = await admin(shouted, { env: { ...keys, ...standing } })
    expect(stdout).toContain(`${endpoint}:5432/?Action=connect&DBUser=Analyst&`)
  })

  test('is signed for the region of the endpoint, with a warning where AWS_REGION is another', async () => {
    const { stdout, stderr } = await admin(argv, { env: { ...keys, ...standing, AWS_REGION: 'eu-west-1' } })
    expect(stdout).toContain('%2Fus-east-2%2Frds-db%2F')
    expect(stderr).toBe('Warning: AWS_REGION is "eu-west-1", but the endpoint is in us-east-2: signed for us-east-2\n')
  })

  test('is signed for the region of the endpoint, whatever nonsense AWS_REGION is', async () => {
    const { stdout, exitCode } = await admin(argv, { env: { ...keys, ...standing, AWS_REGION: 'bad' } })
    expect({ stdout, exitCode }).toEqual({ exitCode: 0, stdout: expect.stringContaining('%2Fus-east-2%2Frds-db%2F') })
  })

  test('is not signed for the port of a tunnel, but for that of the engine unless another is named', async () => {
    const tunnel = ['rds', 'token', '--hostname', 'localhost', '--port', '15432', '--username', 'analyst']
    const signedFor = (...more: readonly string[]) => admin([...tunnel, ...more], { env: { ...keys, ...standing } })
    expect(await signedFor('--sign-host', endpoint)).toMatchObject({
      ...{ exitCode: 0, stdout: expect.stringContaining(`${endpoint}:5432/?`) },
      stderr: expect.stringContaining('signed for port 5432, that of PostgreSQL; --sign-host HOST:PORT names another'),
    })
    const mysql = await signedFor('--sign-host', endpoint, '--engine', 'mysql')
    expect(mysql.stdout).toContain(`${endpoint}:3306/?`)
    const named = await signedFor('--sign-host', `${endpoint}:5433`)
    expect([named.stdout, named.stderr]).toEqual([expect.stringContaining(`${endpoint}:5433/?`), ''])
  })

  test.each([
    ['mysql', '--ssl-mode=VERIFY_IDENTITY --ssl-ca=FILE --enable-cleartext-plugin'],
    ['mariadb', '--ssl --ssl-ca=FILE --ssl-verify-server-cert'],
  ])(
    'as env for %s comes with a warning, for no variable makes its client check who answers',
    async (engine, options) => {
      const run = await admin([...argv, '--format', 'env', '--engine', engine], { env: { ...keys, ...standing } })
      expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('export MYSQL_PWD=') })
      expect(run.stderr).toContain(`start it with --user=analyst ${options}`)
    },
  )

  test('as env for psql, or as my.cnf, needs no such warning', async () => {
    for (const more of [['env'], ['my.cnf', '--engine', 'mysql']]) {
      const { stderr } = await admin([...argv, '--format', ...more], { env: { ...keys, ...standing } })
      expect(stderr).not.toContain('Warning')
    }
  })

  test.each([
    ['pgpass', 'mysql'],
    ['my.cnf', 'postgres'],
  ])('is not printed as %s for %s, whose clients do not read that', async (format, engine) => {
    const run = await admin([...argv, '--format', format, '--engine', engine], { env: { ...keys, ...standing } })
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(`--format ${format}`) })
  })

  test.each([
    [['--hostname', '10.0.0.5'], 'INVALID_DATABASE_REFERENCE', 'it is an IP address'],
    [['--hostname', 'db.example.com'], 'INVALID_DATABASE_REFERENCE', '--resolve-cname'],
    [['--hostname', `${endpoint}:5432`], 'INVALID_DATABASE_REFERENCE', 'say the port with --port'],
    [['--port', '0'], 'USAGE_FLAG', 'is no port'],
    [['--port', '65536'], 'USAGE_FLAG', 'is no port'],
    [['--sign-host', `${endpoint}:443`], 'USAGE_FLAG', 'expected 1150 to 65535'],
    [['--username', ''], 'INVALID_DATABASE_USER', 'it is empty'],
    [['--username', 'a\nb'], 'INVALID_DATABASE_USER', 'it has control characters'],
    [['--region', 'us-east-2a'], 'INVALID_REGION', 'an availability zone'],
  ])('is refused for %j: %s', async (more, code, words) => {
    const named = new Set(more.filter((word) => word.startsWith('--')))
    const kept = argv.filter((word, index) => !named.has(word) && !named.has(argv[index - 1] ?? ''))
    const { json, exitCode } = await adminJson([...kept, ...more], { env: { ...keys, ...standing } })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code })
    expect([json.error.message, ...json.error.suggestions].join('\n')).toContain(words)
  })
})
