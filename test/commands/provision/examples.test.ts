import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { adminFile, projectRoot, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'

let aws: AwsEmulator
beforeAll(async () => {
  aws = await AwsEmulator.start()
})
afterAll(() => aws.stop())

const home = temporaryDirectory()
const manifest: { commands: Record<string, { examples?: readonly string[] }> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)
const single = ['provision:oidc-provider', 'provision:web-identity-role']
const examples = single.flatMap((id) => manifest.commands[id]?.examples ?? [])

describe('an example of the help', () => {
  test.each(examples)('works as pasted: %s', async (example) => {
    const line = example.replaceAll('<%= config.bin %>', 'admin')
    const shell = `set -eu; admin() { "${process.execPath}" "${adminFile}" "$@"; }; ${line}`
    const env = { PATH: process.env.PATH ?? '', HOME: home, ...awsEnvironment(aws) }
    await expect(promisify(execFile)('bash', ['-c', shell], { env })).resolves.toHaveProperty('stdout')
  })
})
