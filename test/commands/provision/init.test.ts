import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readSpec } from '../../../src/provisioning/spec/read-spec.ts'
import { admin, adminFile, adminJson, projectRoot, temporaryDirectory } from '../../support/admin.ts'
import { atTerminal, keys } from '../../support/terminal.ts'

const base = temporaryDirectory()
const newDirectory = () => mkdtempSync(join(base, 'init-'))
const init = ['provision', 'init']
const needed = ['--issuer', 'https://sso.example.com', '--client-id', 'workbench']
const all = [
  ...needed,
  ...[
    '--name',
    'prod',
    '--account',
    '012345678901',
    '--profile',
    'data prod',
    '--region',
    'us-east-2',
    '--role',
    'analyst',
  ],
]

function configFile(directory: string, text: string): string {
  const file = join(directory, 'config.yaml')
  writeFileSync(file, text)
  return file
}

describe('provision init', () => {
  test('writes a spec of what the flags say, and names the next command', async () => {
    const cwd = newDirectory()
    const { stdout, stderr, exitCode } = await admin([...init, ...all], { cwd })
    const file = join(cwd, 'provision.yaml')
    expect({ stdout, exitCode }).toEqual({ stdout: `wrote ${file}\n`, exitCode: 0 })
    expect(stderr).toMatch(/\n {2}admin provision plan provision\.yaml\n$/)
    expect(readdirSync(cwd)).toEqual(['provision.yaml'])
    expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask())
    expect(await readSpec(file)).toEqual({
      file,
      name: 'prod',
      identityProvider: { issuer: 'https://sso.example.com', clientIds: ['workbench'], thumbprints: [] },
      accounts: [{ id: '012345678901', profile: 'data prod', assumeRole: null, externalId: null, region: 'us-east-2' }],
      roles: [
        {
          name: 'analyst',
          accounts: null,
          path: '/',
          description: '',
          maxSessionSeconds: 3600,
          subjects: 'assigned',
          permissionsBoundary: null,
          tags: {},
          managedPolicies: [],
          policies: [],
        },
      ],
      databases: [],
      instanceProfiles: [],
    })
  })

  test('answers with the file and the name as JSON', async () => {
    const cwd = newDirectory()
    const { json, exitCode } = await adminJson([...init, 'my spec.yaml', ...all], { cwd })
    expect({ json, exitCode }).toEqual({ json: { file: join(cwd, 'my spec.yaml'), name: 'prod' }, exitCode: 0 })
  })

  test('prints the spec for -, and writes nothing', async () => {
    const cwd = newDirectory()
    const { stdout, stderr, exitCode } = await admin([...init, '-', ...needed], { cwd })
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(readdirSync(cwd)).toEqual([])
    expect((await adminJson([...init, '-', ...needed], { cwd })).json).toEqual({
      file: null,
      name: 'workbench',
      text: stdout,
    })
    const file = join(cwd, 'printed.yaml')
    writeFileSync(file, stdout)
    expect(await readSpec(file)).toMatchObject({
      name: 'workbench',
      accounts: null,
      roles: [{ name: 'data-scientist' }],
    })
  })

  test('has comments that are a spec too once their signs are taken away', async () => {
    const { stdout } = await admin([...init, '-', ...needed])
    const file = join(newDirectory(), 'provision.yaml')
    writeFileSync(file, stdout.replaceAll(/^( *)# ( *["a-zA-Z0-9-]+:( .*)?)$/gm, '$1$2'))
    const { roles, accounts, databases, instanceProfiles } = await readSpec(file)
    expect({ accounts, databases, instanceProfiles }).toMatchObject({
      accounts: [{ id: '123456789012', profile: 'prod', region: 'us-east-2' }],
      databases: [{ identifier: 'my-cluster', kind: 'cluster' }],
      instanceProfiles: [{ name: 'my-server', path: '/workbench/', tags: { team: 'data' } }],
    })
    expect(roles[0]).toMatchObject({
      maxSessionSeconds: 14_400,
      managedPolicies: [{ awsPolicy: 'AmazonAthenaFullAccess' }],
    })
    expect(roles[0]?.policies.map(({ grant }) => grant.kind)).toEqual(['s3', 'rdsConnect', 'redshift', 'athena'])
  })

  test.each(['true', '0123', '1e3', 'null', 'a.b', '-', '1.0'])('writes the text %j as YAML needs it', async (text) => {
    const cwd = newDirectory()
    const flags = ['name', 'client-id', 'role'].map((flag) => `--${flag}=${text}`)
    expect((await admin([...init, ...needed.slice(0, 2), ...flags], { cwd })).exitCode).toBe(0)
    expect(await readSpec(join(cwd, 'provision.yaml'))).toMatchObject({
      name: text,
      identityProvider: { clientIds: [text] },
      roles: [{ name: text }],
    })
  })

  test('takes issuer and client id from the configuration file', async () => {
    const cwd = newDirectory()
    const config = configFile(cwd, 'sso: { issuer: "https://login.example.com/", clientId: "[a]#" }\n')
    expect((await admin([...init, '--config', config], { cwd })).exitCode).toBe(0)
    expect((await readSpec(join(cwd, 'provision.yaml'))).identityProvider).toEqual({
      issuer: 'https://login.example.com/',
      clientIds: ['[a]#'],
      thumbprints: [],
    })
  })

  test('never overwrites a file', async () => {
    const cwd = newDirectory()
    const file = join(cwd, 'provision.yaml')
    writeFileSync(file, 'mine\n')
    const { json, exitCode } = await adminJson(init, { cwd })
    expect({ exitCode, error: json.error }).toEqual({
      exitCode: 3,
      error: expect.objectContaining({ code: 'REFUSED_FILE_EXISTS', details: { file } }),
    })
    expect(readFileSync(file, 'utf8')).toBe('mine\n')
  })

  test.each([
    ['nothing', [], 'USAGE_FLAG', 'missing --issuer and --client-id;'],
    ['no client id', needed.slice(0, 2), 'USAGE_FLAG', 'missing --client-id;'],
    [
      'a profile without an account',
      [...needed, '--profile', 'p'],
      'USAGE_FLAG',
      '--profile says how to get into an account',
    ],
    ['a region without an account', [...needed, '--region', 'us-east-2'], 'USAGE_FLAG', 'give --account too'],
    ['an issuer that is none', ['--issuer', 'sso', '--client-id', 'w'], 'INVALID_ISSUER', 'expected https://'],
    ['the name of single commands', [...needed, '--name', 'command-line'], 'INVALID_SPEC', 'single commands'],
    ['an empty FILE', ['', ...needed], 'USAGE_ARGUMENT', 'FILE is empty'],
    ['two mistakes', [...needed, '--role', 'a b', '--region', 'x'], 'INVALID_REGION', '"a b" is not a role name'],
  ])('refuses %s and writes nothing', async (_, flags, code, says) => {
    const cwd = newDirectory()
    const { json, exitCode } = await adminJson([...init, ...flags], { cwd })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code })
    expect(json.error.message).toContain(says)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('provision init at a terminal', () => {
  const env = { NO_COLOR: '1' }

  test('asks for the rest, again where an answer is none', async () => {
    const file = join(newDirectory(), 'spec.yaml')
    const steps = [
      { expect: 'Issuer' },
      { send: `sso.example.com${keys.enter}` },
      { expect: 'expected https://HOST' },
      { send: `${'\u007f'.repeat(15)}https://sso.example.com${keys.enter}` },
      { expect: 'Client id' },
      { send: `workbench${keys.enter}` },
      { expect: 'AWS account' },
      { send: `123456789012${keys.enter}` },
      { expect: 'first role' },
      { send: keys.enter },
    ]
    const run = await atTerminal([...init, file], steps, { env })
    expect(run).toMatchObject({ exitCode: 0, screen: expect.stringContaining(`wrote ${file}`) })
    expect(await readSpec(file)).toMatchObject({
      identityProvider: { issuer: 'https://sso.example.com', clientIds: ['workbench'] },
      accounts: [{ id: '123456789012' }],
      roles: [{ name: 'data-scientist' }],
    })
  })

  test('offers what the configuration says, and takes no account for that of the credentials', async () => {
    const directory = newDirectory()
    const file = join(directory, 'spec.yaml')
    const config = configFile(directory, 'sso: { issuer: https://sso.example.com, clientId: workbench }\n')
    const steps = [
      { expect: 'https://sso.example.com' },
      { send: keys.enter },
      { expect: 'Client id' },
      { send: keys.enter },
      { expect: 'AWS account' },
      { send: keys.enter },
      { expect: 'first role' },
      { send: `analyst${keys.enter}` },
    ]
    const stdout = join(directory, 'stdout')
    expect((await atTerminal([...init, '-', '--config', config], steps, { env, stdout })).exitCode).toBe(0)
    writeFileSync(file, readFileSync(stdout))
    expect(await readSpec(file)).toMatchObject({
      identityProvider: { issuer: 'https://sso.example.com', clientIds: ['workbench'] },
      accounts: null,
      roles: [{ name: 'analyst' }],
    })
  })

  test('left with Ctrl-C writes nothing and ends with exit 3', async () => {
    const file = join(newDirectory(), 'spec.yaml')
    const run = await atTerminal([...init, file], [{ expect: 'Issuer' }, { send: keys.interrupt }], { env })
    expect(run).toMatchObject({ exitCode: 3, screen: expect.stringContaining('nothing was changed') })
    expect(existsSync(file)).toBe(false)
  })

  test('asks nothing about a file that is there', async () => {
    const file = configFile(newDirectory(), 'mine\n')
    expect(await atTerminal([...init, file], [], { env })).toMatchObject({ exitCode: 3 })
  })
})

const manifest: { commands: Record<string, { examples?: readonly string[] }> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)

describe('an example of the help', () => {
  test.each(manifest.commands['provision:init']?.examples ?? [])('works as pasted: %s', async (example) => {
    const cwd = newDirectory()
    const line = example.replaceAll('<%= config.bin %>', 'admin')
    const shell = `set -eu; admin() { "${process.execPath}" "${adminFile}" "$@"; }; ${line}`
    execFileSync('bash', ['-c', shell], { cwd, env: { PATH: process.env.PATH ?? '', HOME: cwd }, stdio: 'pipe' })
    const [file = ''] = readdirSync(cwd)
    await expect(readSpec(join(cwd, file))).resolves.toHaveProperty('roles')
  })
})
