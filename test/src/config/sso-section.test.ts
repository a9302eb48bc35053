import { mkdtempSync, writeFileSync } from 'node:fs'
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

describe('the section sso: of config.yaml', () => {
  test('has defaults for all but issuer and client id', async () => {
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

  test('names an issuer that is none with its key and its reason', async () => {
    const config = await readConfig(configFile('sso: {issuer: "https://sso.example.com?x", clientId: w}'))
    expect(() => requireSso(config, '/etc/admin/config.yaml')).toThrow(
      '/etc/admin/config.yaml: sso.issuer: "https://sso.example.com?x" is not an issuer URL: it has a query',
    )
  })
})
