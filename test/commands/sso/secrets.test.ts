import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startAdmin } from '../../support/admin.ts'
import { analyst } from '../../support/arns.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { type SsoHost, ssoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider()
})

afterAll(() => idp.stop())

/** Whatever is written below the host's directory, but for the token files that the test itself put there. */
function everythingWritten(directory: string): string {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('token-'))
    .map((name) => join(directory, name))
    .map((path) => (statSync(path).isDirectory() ? everythingWritten(path) : readFileSync(path, 'latin1')))
    .join('')
}

function expectNoTrace(host: SsoHost, token: string, ...outputs: readonly string[]): void {
  const [header = '', payload = '', signature = ''] = token.split('.')
  for (const part of [token, payload, signature, `${header}.`]) {
    for (const text of [...outputs, everythingWritten(host.directory)]) expect(text.includes(part)).toBe(false)
  }
}

describe('a token leaves no trace', () => {
  test.each([
    ['is applied', {}, {}],
    ['has bad claims', { aws_role_arn: 7 }, {}],
    ['is expired', { exp: 1 }, {}],
    ['is of another issuer', { iss: 'https://evil.example' }, {}],
    ['has an unknown key', {}, { kid: 'nobody' }],
  ])('where it %s', async (_, claims, header) => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign({ aws_role_arn: analyst, nonce: 'CANARY-IN-THE-TOKEN', ...claims }, header)
    const argv = ['sso', 'apply-claims', 'alice', '--id-token-file', host.tokenFile(token)]
    const text = await host.run(argv, { env: { DEBUG: 'admin' } })
    const json = await host.runJson(argv)
    const { stdout: log } = await host.run(['audit', 'log', '--json'])
    expectNoTrace(host, token, text.stdout, text.stderr, json.stdout, json.stderr, log)
    expect(text.stderr + json.stdout + log + everythingWritten(host.directory)).not.toContain('CANARY-IN-THE-TOKEN')
  })

  test.each([
    ['the user name', (token: string) => [token, '--id-token-file', '-']],
    ['a second argument', (token: string) => ['alice', token, '--id-token-file', '-']],
    ['the file', (token: string) => ['--id-token-file', token]],
    ['a flag that there is not', (token: string) => [`--id-token=${token}`]],
    ['a flag of its own', (token: string) => ['--id-token-file', '-', '--config', token]],
  ])('where it is given as %s', async (_, argv) => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign()
    const command = ['sso', 'apply-claims', ...argv(token)]
    const [text, json] = [await host.run(command, { env: { DEBUG: 'admin' } }), await host.runJson(command)]
    expect(text.exitCode).toBe(json.exitCode)
    expect([2, 4]).toContain(text.exitCode)
    expectNoTrace(host, token, text.stdout, text.stderr, json.stdout, json.stderr)
  })

  test.each([
    ['sso apply-claims', 'TOKEN', ' USERNAME'],
    ['sso apply-claims', 'alice --id-token-file TOKEN', ' alice'],
    ['session env', 'TOKEN', ' USERNAME'],
    ['session env', 'alice --id-token-file=TOKEN --role x', ' alice --role x'],
    ['session credentials', 'alice --id-token-file TOKEN', ' alice'],
  ])('%s %s says who can see it now, and how to hand it over', async (command, given, kept) => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign()
    const { json, stdout } = await host.runJson([...command.split(' '), ...given.replace('TOKEN', token).split(' ')])
    expect(json.error).toMatchObject({
      code: 'USAGE_ARGUMENT',
      message: expect.stringContaining('every user of this host can see arguments'),
      suggestions: [
        `admin ${command}${kept} --json --id-token-file FILE`,
        `admin ${command}${kept} --json --id-token-file - < FILE`,
      ],
    })
    expectNoTrace(host, token, stdout)
  })

  test('in the process list, while it is read from stdin', async () => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign({ aws_role_arn: analyst })
    const child = startAdmin(['sso', 'apply-claims', '--id-token-file', '-'], { env: host.env })
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.stdin?.write(token)
    const seen = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${child.pid}/${name}`, 'latin1'))
    child.stdin?.end()
    expect(await ended).toBe(0)
    expectNoTrace(host, token, ...seen)
  })

  test('in the error about a claims file that is really a token', async () => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign()
    const run = await host.runJson(['sso', 'rehearse', '--claims', host.tokenFile(token)])
    expect(run).toMatchObject({ exitCode: 2, json: { error: { code: 'INVALID_CLAIMS_FILE' } } })
    expect(run.json.error.message).toContain('that is a token, not its claims')
    expectNoTrace(host, token, run.stdout, run.stderr)
  })
})
