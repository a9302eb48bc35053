import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { localCallerDigest } from '../../../src/aws/caller-digest.ts'
import { temporaryDirectory } from '../../support/admin.ts'

const directory = temporaryDirectory()
const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalr' }
const web = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/analyst', AWS_WEB_IDENTITY_TOKEN_FILE: '' }
let home: string

beforeEach(() => {
  home = mkdtempSync(join(directory, 'home-'))
  mkdirSync(join(home, '.aws', 'sso', 'cache'), { recursive: true })
  web.AWS_WEB_IDENTITY_TOKEN_FILE = write('token', 'first')
})

function write(name: string, text: string): string {
  const file = join(home, name)
  writeFileSync(file, text)
  return file
}

const config = (text: string) => write('.aws/config', text)
/** The same caller, when a file was written. */
const besides = (_file: string): NodeJS.ProcessEnv => keys
const ofCaller = (environment: NodeJS.ProcessEnv, profile: string | null = null) =>
  localCallerDigest({ environment, home, argv: [] }, profile)

describe('a caller is known by what is on this machine', () => {
  test.each<[string, string, NodeJS.ProcessEnv, string | null]>([
    ['with keys in the environment', '', keys, null],
    ['with a web identity', '', web, null],
    ['with a web identity beside a profile that has a region alone', '[default]\nregion = us-east-1\n', web, null],
    ['with a profile that has keys', '[profile a]\naws_access_key_id = x\n', {}, 'a'],
    ['with the profile of the environment', '[profile a]\naws_access_key_id = x\n', { AWS_PROFILE: 'a' }, null],
    [
      'with a role on top of keys',
      '[profile b]\naws_access_key_id = x\n[profile a]\nrole_arn = r\nsource_profile = b\n',
      {},
      'a',
    ],
    [
      'with a role on top of the same profile',
      '[profile a]\nrole_arn = r\nsource_profile = a\naws_access_key_id = x\n',
      {},
      'a',
    ],
    ['with a role by a token file', '[profile a]\nrole_arn = r\nweb_identity_token_file = /t\n', {}, 'a'],
    ['with a sign-in', '[profile a]\nsso_session = s\n', {}, 'a'],
  ])('%s', (_, text, environment, profile) => {
    config(text)
    expect(ofCaller(environment, profile)).toMatch(/^[0-9a-f]{64}$/)
    expect(ofCaller(environment, profile)).toBe(ofCaller(environment, profile))
  })
})

describe('nobody knows the caller before the credentials are fetched', () => {
  test.each<[string, string, NodeJS.ProcessEnv, string | null]>([
    ['of an instance or a container', '', {}, null],
    ['of a container', '', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' }, null],
    ['of a process', '[profile a]\ncredential_process = p\n', {}, 'a'],
    [
      'of a role on top of a process',
      '[profile b]\ncredential_process = p\n[profile a]\nrole_arn = r\nsource_profile = b\n',
      {},
      'a',
    ],
    [
      'of a role on top of the instance',
      '[profile a]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n',
      {},
      'a',
    ],
    [
      'of roles in a circle',
      '[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = a\n',
      {},
      'a',
    ],
    ['of a profile that is not there', '', web, 'a'],
    ['of a process that goes before a web identity', '[default]\ncredential_process = p\n', web, null],
    [
      'of a profile that goes before keys',
      '[profile a]\ncredential_process = p\n',
      { ...keys, AWS_PROFILE: 'a' },
      null,
    ],
    ['of a console sign-in', '[profile a]\nlogin_session = arn\n', {}, 'a'],
  ])('%s', (_, text, environment, profile) => {
    config(text)
    expect(ofCaller(environment, profile)).toBeNull()
  })
})

describe('somebody else is who', () => {
  const changes: readonly [string, () => [NodeJS.ProcessEnv, string | null]][] = [
    ['has another key', () => [{ ...keys, AWS_ACCESS_KEY_ID: 'other' }, null]],
    ['has another secret', () => [{ ...keys, AWS_SECRET_ACCESS_KEY: 'other' }, null]],
    ['has a session', () => [{ ...keys, AWS_SESSION_TOKEN: 'token' }, null]],
    ['asks another region', () => [{ ...keys, AWS_REGION: 'eu-west-1' }, null]],
    ['asks another endpoint', () => [{ ...keys, AWS_ENDPOINT_URL_REDSHIFT: 'http://localhost' }, null]],
    ['has a region in a file', () => [besides(config('[default]\nregion = eu-west-1\n')), null]],
  ]

  test.each(changes)('%s', (_, change) => {
    const before = ofCaller(keys)
    expect(ofCaller(...change())).not.toBe(before)
  })

  test('has another token, session name or role', () => {
    const seen = [ofCaller(web), ofCaller({ ...web, AWS_ROLE_SESSION_NAME: 'alice' })]
    write('token', 'second')
    seen.push(ofCaller(web), ofCaller({ ...web, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/other' }))
    expect(new Set(seen).size).toBe(4)
  })

  test('signed in anew', () => {
    config('[profile a]\nsso_session = s\n')
    const before = ofCaller({}, 'a')
    write('.aws/sso/cache/0123.json', '{"accessToken":"x"}')
    expect(ofCaller({}, 'a')).not.toBe(before)
  })

  test('is not who tries more often', () => {
    expect(ofCaller({ ...keys, AWS_MAX_ATTEMPTS: '9' })).toBe(ofCaller(keys))
  })

  test('cannot be made by moving characters from one value to the next', () => {
    const one = { ...keys, AWS_ROLE_SESSION_NAME: 'a', AWS_SESSION_TOKEN: 'bc' }
    const other = { ...keys, AWS_ROLE_SESSION_NAME: 'ab', AWS_SESSION_TOKEN: 'c' }
    expect(ofCaller(one)).not.toBe(ofCaller(other))
  })
})
