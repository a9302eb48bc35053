import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { adminFile, projectRoot } from '../../support/admin.ts'
import { deviceLogin } from '../../support/device-login.ts'
import { person, sessionLab } from '../../support/session-host.ts'

const lab = sessionLab()
const scientist = 'arn:aws:iam::123456789012:role/data-scientist'
const manifest: { commands: Record<string, { examples?: readonly string[] }> } = JSON.parse(
  readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'),
)
const examples = Object.entries(manifest.commands).flatMap(([id, { examples: lines = [] }]) =>
  id.startsWith('session:') ? lines : [],
)

describe('an example of the help', () => {
  test.each(examples)('works as pasted, for somebody whom this system knows: %s', async (example) => {
    const host = lab.host()
    lab.provider.accounts[person] = { preferred_username: person, aws_role_arn: [scientist] }
    await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
    mkdirSync(join(host.directory, 'login'))
    writeFileSync(
      join(host.directory, 'login', 'alice.jwt'),
      await lab.provider.sign({ preferred_username: person, sub: person }),
    )
    const line = example
      .replaceAll('<%= config.bin %>', 'admin')
      .replaceAll('/run/login/', `${host.directory}/login/`)
      .replaceAll(/ alice\b(?!\.jwt)/g, ` ${person}`)
    const shell = `set -eu; admin() { "${process.execPath}" "${adminFile}" "$@"; }; ${line}`
    const env = { PATH: process.env.PATH ?? '', HOME: host.directory, ...host.env }
    const run = await new Promise<{ code: number; stderr: string }>((resolve) => {
      execFile('bash', ['-c', shell], { env }, (error, _, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stderr }),
      )
    })
    expect(run).toEqual({ code: 0, stderr: expect.not.stringContaining('Error') })
  })
})
