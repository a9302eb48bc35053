import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminFile, projectRoot, temporaryDirectory } from '../../support/admin.ts'
import { ownTags, seedCluster, seedRole } from '../../support/aws-seeds.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'
import { atTerminal } from '../../support/terminal.ts'

const here = emulatedAws()
const home = temporaryDirectory()
let cwd: string

const spec = `version: 1
name: workbench
identityProvider: { issuer: https://sso.example.com, clientIds: [workbench] }
accounts: { "123456789012": {} }
roles:
  data-scientist:
    trust: { subjects: [alice] }
    policies: { postgres: { rdsConnect: { database: demo-cluster, users: [analyst] } } }
databases:
  demo-cluster: { kind: cluster, iamAuthentication: true, applyImmediately: true }
`

beforeEach(async () => {
  cwd = mkdtempSync(join(home, 'cwd-'))
  await seedCluster(here.reader, 'demo-cluster')
})

const manifest: { commands: Record<string, { examples?: readonly string[] }> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)

function examplesOf(...verbs: readonly string[]): readonly string[] {
  const examples = verbs.flatMap((verb) => manifest.commands[`provision:${verb}`]?.examples ?? [])
  return examples.map((example) => example.replaceAll('<%= config.bin %>', 'admin'))
}

/** In a shell, with nobody there to answer. */
async function paste(line: string): Promise<void> {
  const shell = `set -eu; admin() { "${process.execPath}" "${adminFile}" "$@"; }; ${line}`
  const env = { PATH: process.env.PATH ?? '', HOME: home, ...here.env }
  await expect(promisify(execFile)('bash', ['-c', shell], { env, cwd })).resolves.toHaveProperty('stdout')
}

function writeSpec(): void {
  writeFileSync(join(cwd, 'provision.yaml'), spec)
}

async function applySpec(): Promise<void> {
  expect((await admin(['provision', 'apply', 'provision.yaml', '--yes'], { env: here.env, cwd })).exitCode).toBe(0)
}

describe('an example of a single command', () => {
  test.each(examplesOf('oidc-provider', 'web-identity-role', 'enable-iam-database-authentication', 'init'))(
    'works as pasted: %s',
    paste,
  )

  test.each(examplesOf('rds-connect-policy'))('works as pasted where its role is there: %s', async (line) => {
    await seedRole(here.reader, 'analyst', { Tags: ownTags('command-line') })
    await paste(line)
  })
})

describe('an example with a spec', () => {
  beforeEach(writeSpec)
  const isAsked = (line: string) => /provision (apply|destroy)/.test(line) && !line.includes('--yes')

  test.each(examplesOf('permissions', 'apply').filter((line) => !isAsked(line)))('works as pasted: %s', paste)

  test.each(examplesOf('plan', 'destroy').filter((line) => !isAsked(line)))(
    'works as pasted once it is applied: %s',
    async (line) => {
      await applySpec()
      await paste(line)
    },
  )

  test.each(examplesOf('apply', 'destroy').filter(isAsked))('asks, and is carried out: %s', async (line) => {
    if (line.includes('destroy')) await applySpec()
    const [, ...argv] = line.replace('provision.yaml', join(cwd, 'provision.yaml')).split(' ')
    const answer = [{ expect: 'Carry this out?' }, { send: 'y\r' }]
    const { screen, exitCode } = await atTerminal(argv, answer, { env: here.env })
    expect({ exitCode, screen }).toEqual({ exitCode: 0, screen: expect.stringMatching(/\d (created|deleted)/) })
    expect(await here.reader.roleNames()).toEqual(line.includes('destroy') ? [] : ['data-scientist'])
  })
})
