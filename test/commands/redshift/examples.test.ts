import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { adminFile, projectRoot, temporaryDirectory } from '../../support/admin.ts'
import { seedWarehouse } from '../../support/aws-seeds.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const home = temporaryDirectory()
const manifest: { commands: Record<string, { examples?: readonly string[] }> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)
const examples = ['redshift:credentials', 'redshift:url'].flatMap((id) => manifest.commands[id]?.examples ?? [])

beforeEach(async () => {
  await seedWarehouse(here.reader, 'demo-cluster')
  here.aws.addWorkgroup('demo-workgroup', 'b6b1a6d8-0000-4000-8000-000000000000')
})

describe('an example of the help', () => {
  test.each(examples.map((line) => line.replaceAll('<%= config.bin %>', 'admin')))(
    'works as pasted: %s',
    async (line) => {
      const shell = `set -eu; admin() { "${process.execPath}" "${adminFile}" "$@"; }; ${line}; echo "\${PGUSER:-}"`
      const env = { PATH: process.env.PATH ?? '', HOME: home, ...here.env, ADMIN_CACHE_DIRECTORY: join(home, 'cache') }
      const { stdout } = await promisify(execFile)('bash', ['-c', shell], { env })
      expect(stdout).toMatch(line.startsWith('settings=') ? /^IAM:analyst\n$/ : /dev/)
    },
  )
})
