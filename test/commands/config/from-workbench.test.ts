import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

  test('writes the file whole, with its directory, and says where', async () => {
    const directory = workbench({ server: SERVER })
    const argv = ['config', 'from-workbench', '--directory', directory]
    const file = join(directory, 'etc', 'admin', 'config.yaml')
    const { stdout, stderr, exitCode } = await admin([...argv, '--output', file])
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: `wrote ${file}\n`, stderr: '', exitCode: 0 })
    expect(readFileSync(file, 'utf8')).toBe((await admin(argv)).stdout)
    expect(statSync(file).mode & 0o777 & ~0o640).toBe(0)
    expect(statSync(dirname(file)).mode & 0o777 & ~0o755).toBe(0)
    expect(readdirSync(dirname(file))).toEqual(['config.yaml'])
    const other = join(directory, 'other.yaml')
    const { json } = await adminJson([...argv, '--output', other])
    expect(json).toEqual({ sso: expect.objectContaining({ clientId: 'workbench' }), file: other })
    expect(
      await adminJson(['get-aws-role-arns', 'alice', '--config', file], { env: { XDG_DATA_HOME: directory } }),
    ).toMatchObject({ exitCode: 0 })
  })

  test('leaves a file alone that is there, and where Workbench cannot be read', async () => {
    const directory = workbench({ server: SERVER })
    const file = join(directory, 'config.yaml')
    writeFileSync(file, 'spec: /mine\n')
    const again = await adminJson(['config', 'from-workbench', '--directory', directory, '--output', file])
    expect(again).toMatchObject({ exitCode: 3, json: { error: { code: 'REFUSED_FILE_EXISTS', details: { file } } } })
    expect(again.json.error.message).toContain('nothing was changed')
    expect(readFileSync(file, 'utf8')).toBe('spec: /mine\n')
    expect(readdirSync(directory).sort()).toEqual(['config.yaml', 'openid-client-secret', 'rserver.conf'])
    const none = join(directory, 'none', 'config.yaml')
    expect((await adminJson(['config', 'from-workbench', '--directory', base, '--output', none])).exitCode).toBe(4)
    expect(existsSync(dirname(none))).toBe(false)
  })

  test('says where there can be no directory', async () => {
    const directory = workbench({ server: SERVER })
    const argv = ['config', 'from-workbench', '--directory', directory, '--output']
    for (const parent of [join(directory, 'rserver.conf'), join(directory, 'rserver.conf', 'x')]) {
      const { json, exitCode } = await adminJson([...argv, join(parent, 'config.yaml')])
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_FILE' })
      expect(json.error.message).toContain(`there is no directory ${parent}`)
    }
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
