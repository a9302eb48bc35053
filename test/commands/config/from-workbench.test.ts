import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'

const base = temporaryDirectory()

interface Files {
  readonly server?: string
  readonly secret?: string
}

function workbench({ server, secret = 'client-id=workbench\nclient-secret=CANARY-SECRET\n' }: Files): string {
  const directory = mkdtempSync(join(base, 'rstudio-'))
  if (server !== undefined) writeFileSync(join(directory, 'rserver.conf'), server)
  writeFileSync(join(directory, 'openid-client-secret'), secret, { mode: 0o600 })
  return directory
}

const SERVER = [
  '# auth-openid-issuer=https://old.example.com',
  '',
  'www-port=8787',
  'auth-openid=1',
  '  auth-openid-issuer = https://sso.example.com/realms/a=b ',
  'auth-openid-scopes=openid profile email offline_access',
  'auth-openid-username-claim=upn',
].join('\r\n')

describe('config from-workbench', () => {
  test('prints a configuration that our own reader takes', async () => {
    const directory = workbench({ server: SERVER, secret: 'client-id=it: #"1"\r\nclient-secret=CANARY-SECRET\r\n' })
    const { stdout, stderr, exitCode } = await admin(['config', 'from-workbench', '--directory', directory])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toContain(
      '# Byte for byte the iss of the ID tokens (auth-openid-issuer).\n  issuer: https://sso.example.com/realms/a=b\n',
    )
    const file = join(directory, 'config.yaml')
    writeFileSync(file, stdout)
    const claims = { upn: 'alice', iss: 'https://sso.example.com/realms/a=b', aud: 'it: #"1"' }
    const run = await adminJson(
      ['sso', 'rehearse', '--claims', '-', '--config', file, '--database', join(directory, 'x.db')],
      {
        stdin: JSON.stringify(claims),
      },
    )
    expect(run).toMatchObject({ exitCode: 0, json: { username: 'alice' } })
    expect(run.stderr).not.toContain('Warning')
  })

  test('prints the same as JSON', async () => {
    const { json } = await adminJson(['config', 'from-workbench', '--directory', workbench({ server: SERVER })])
    expect(json).toEqual({
      sso: {
        issuer: 'https://sso.example.com/realms/a=b',
        clientId: 'workbench',
        usernameClaim: 'upn',
        roleArnClaim: 'aws_role_arn',
        roleSessionNameClaim: 'aws_role_session_name',
        scopes: ['openid', 'profile', 'email', 'offline_access'],
        acceptJsonString: false,
        allowInsecureLoopback: false,
      },
    })
  })

  test('warns where no refresh token is asked for', async () => {
    const directory = workbench({ server: 'auth-openid-issuer=https://sso.example.com\n' })
    const { json, stderr } = await adminJson(['config', 'from-workbench', '--directory', directory])
    expect(stderr).toContain('auth-openid-scopes lacks offline_access')
    expect(json.sso).toMatchObject({ usernameClaim: 'preferred_username', scopes: ['openid', 'profile', 'email'] })
  })

  test.each([
    ['no file', {}, 4, 'NOT_FOUND_FILE', 'rserver.conf'],
    ['no issuer', { server: 'www-port=1' }, 2, 'INVALID_CONFIG', 'rserver.conf: auth-openid-issuer is missing'],
    ['an empty issuer', { server: 'auth-openid-issuer=' }, 2, 'INVALID_CONFIG', 'auth-openid-issuer is empty'],
    [
      'an issuer that is none',
      { server: 'auth-openid-issuer=sso.example.com' },
      2,
      'INVALID_CONFIG',
      'auth-openid-issuer does not fit',
    ],
    [
      'two issuers',
      { server: `${SERVER}\nauth-openid-issuer=https://b.example` },
      2,
      'INVALID_CONFIG',
      'auth-openid-issuer is there twice',
    ],
    [
      'no client id',
      { server: SERVER, secret: 'client-secret=CANARY-SECRET' },
      2,
      'INVALID_CONFIG',
      'openid-client-secret: client-id is missing',
    ],
  ])('names file and key for %s', async (_, files, exit, code, says) => {
    const run = await adminJson(['config', 'from-workbench', '--directory', workbench(files)])
    expect(run).toMatchObject({ exitCode: exit, json: { error: { code } } })
    expect(run.json.error.message).toContain(says)
  })

  test('never shows the client secret', async () => {
    const directory = workbench({ server: SERVER, secret: 'client-secret=CANARY-SECRET\nclient-id=a\nclient-id=b\n' })
    for (const files of [directory, workbench({ server: SERVER })]) {
      const runs = [
        await admin(['config', 'from-workbench', '--directory', files]),
        await adminJson(['config', 'from-workbench', '--directory', files]),
      ]
      for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain('CANARY-SECRET')
    }
  })
})
