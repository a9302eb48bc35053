import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../src/config/read-config.ts'
import { requireSso } from '../../../src/sso/sso-settings.ts'
import { temporaryDirectory } from '../../support/admin.ts'

const base = temporaryDirectory()

function configFile(text: string): string {
  const file = join(mkdtempSync(join(base, 'config-')), 'config.yaml')
  writeFileSync(file, text)
  return file
}

describe('config.yaml', () => {
  test('has defaults for all of sso but issuer and client id', async () => {
    expect(await readConfig(configFile('sso:\n  issuer: https://sso.example.com\n  clientId: workbench\n'))).toEqual({
      sso: {
        issuer: 'https://sso.example.com',
        clientId: 'workbench',
        usernameClaim: 'preferred_username',
        roleArnClaim: 'aws_role_arn',
        roleSessionNameClaim: 'aws_role_session_name',
        scopes: ['openid', 'profile', 'email', 'offline_access'],
        acceptJsonString: false,
        allowInsecureLoopback: false,
      },
    })
  })

  test('may be empty', async () => {
    expect(await readConfig(configFile(''))).toEqual({})
  })

  test.each([
    ['sso:\n  issuer: https://a\n  clientId: x\n  clientID: y\n', ':4: sso.clientID is not a known key'],
    ['sso:\n  issuer: 7\n  clientId: x\n', ':2: sso.issuer must be a text, not the number 7'],
    ['sso:\n  issuer: https://a\n', ':1: sso.clientId is missing'],
    ['sso:\n  issuer: https://a\n  clientId: ""\n', ':3: sso.clientId must not be empty'],
    ['sso: [', ':1: '],
    ['- a\n', 'the file must be a mapping, not a list'],
  ])('%j is refused, naming file, line and key', async (text, says) => {
    const file = configFile(text)
    const read = readConfig(file)
    await expect(read).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(read).rejects.toThrow(says.startsWith(':') ? `${file}${says}` : says)
  })

  test('is not believed where everybody may write it', async () => {
    const file = configFile('')
    chmodSync(file, 0o666)
    await expect(readConfig(file)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })

  test('names an issuer that is none with its key and its reason', async () => {
    const config = await readConfig(configFile('sso: {issuer: "https://sso.example.com?x", clientId: w}'))
    expect(() => requireSso(config, '/etc/admin/config.yaml')).toThrow(
      '/etc/admin/config.yaml: sso.issuer: "https://sso.example.com?x" is not an issuer URL: it has a query',
    )
  })
})
