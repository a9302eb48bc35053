import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { adminFile, projectRoot, temporaryDirectory } from '../../support/admin.ts'
import { scientist } from '../../support/arns.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'

const directory = temporaryDirectory()
const manifest: { commands: Record<string, { examples?: readonly string[] }> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)
const examplesOf = (prefix: RegExp) =>
  Object.entries(manifest.commands).flatMap(([id, { examples = [] }]) => (prefix.test(id) ? examples : []))

let provider: IdentityProvider

/** What the examples name is there, below a directory of the test's own. */
beforeAll(async () => {
  provider = await startIdentityProvider()
  for (const folder of ['/etc/rstudio', '/run/login']) mkdirSync(directory + folder, { recursive: true })
  writeFileSync(`${directory}/etc/rstudio/rserver.conf`, 'auth-openid-issuer=https://sso.example.com\n')
  writeFileSync(`${directory}/etc/rstudio/openid-client-secret`, 'client-id=workbench\nclient-secret=x\n')
  writeFileSync(`${directory}/run/login/alice.jwt`, await provider.sign({ aws_role_arn: scientist }))
  writeFileSync(`${directory}/logins.jsonl`, '{"preferred_username":"alice"}\n{"preferred_username":"bob"}\n')
  const sso = `sso:\n  issuer: ${provider.issuer}\n  clientId: workbench\n  allowInsecureLoopback: true\n`
  writeFileSync(`${directory}/config.yaml`, sso)
})

afterAll(() => provider.stop())

function run(example: string): Promise<number> {
  const line = example.replaceAll('<%= config.bin %>', 'admin').replaceAll(/(?<= )\/(etc|run)\//g, `${directory}/$1/`)
  const shell = `set -eu; cd ${directory}; admin() { "${process.execPath}" "${adminFile}" "$@"; }; ${line}`
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    ADMIN_DATABASE: join(directory, 'admin.db'),
    ADMIN_CONFIG: join(directory, 'config.yaml'),
    ADMIN_CACHE_DIRECTORY: join(directory, 'cache'),
  }
  return new Promise((resolve) => {
    execFile('bash', ['-c', shell], { env }, (error) => resolve(error === null ? 0 : Number(error.code)))
  })
}

describe('an example of the help', () => {
  test.each(examplesOf(/^sso:(apply|rehearse)/))('works as pasted: %s', async (example) => {
    expect(await run(example)).toBe(0)
  })

  test.each(examplesOf(/^sso:check/))(
    'works as pasted, and finds that AWS cannot reach this host: %s',
    async (example) => {
      expect(await run(example)).toBe(5)
    },
  )

  test.each(examplesOf(/^config:/))('works as pasted, on a Workbench host: %s', async (example) => {
    const here = example.includes('--directory')
      ? example
      : example.replace('from-workbench', 'from-workbench --directory /etc/rstudio')
    expect(await run(here)).toBe(0)
    if (example.includes('--output')) expect(existsSync(`${directory}/etc/admin/config.yaml`)).toBe(true)
  })
})
