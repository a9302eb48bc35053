import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { awsEnvironment } from '../../support/aws-emulator.ts'

let requests = 0
let server: Server
let env: Record<string, string>

/** Nothing here may reach AWS: whatever arrives is counted. */
beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1
    response.writeHead(501).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  env = awsEnvironment({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
afterAll(() => {
  server.close()
})

const issuer = ['--issuer', 'https://sso.example.com']
const client = ['--client-id', 'workbench']
const roleOf = (name: string, ...argv: readonly string[]) => [
  ...['provision', 'web-identity-role', name, ...issuer, ...client],
  ...argv,
]
const role = (...argv: readonly string[]) => roleOf('analyst', ...argv)
const provider = (...argv: readonly string[]) => ['provision', 'oidc-provider', ...argv]

const bad: readonly (readonly [string, readonly string[], string, string])[] = [
  ['no issuer', provider(...client), 'USAGE_FLAG', 'issuer'],
  ['no client id', provider(...issuer), 'USAGE_FLAG', 'client-id'],
  ['http issuer', provider('--issuer', 'http://sso.example.com', ...client), 'INVALID_ISSUER', 'https://'],
  ['http loopback', provider('--issuer', 'http://localhost:8080', ...client), 'INVALID_ISSUER', 'http: is refused'],
  ['bare host', provider('--issuer', 'sso.example.com', ...client), 'INVALID_ISSUER', 'expected https://HOST'],
  ['query', provider('--issuer', 'https://sso.example.com/?a=b', ...client), 'INVALID_ISSUER', 'query'],
  [
    'many tenants',
    provider('--issuer', 'https://login.microsoftonline.com/common/v2.0', ...client),
    'INVALID_ISSUER',
    'tenant',
  ],
  ['long issuer', provider('--issuer', `https://${'a'.repeat(250)}`, ...client), 'INVALID_ISSUER', '258 characters'],
  [
    'built-in issuer',
    provider('--issuer', 'https://accounts.google.com', ...client),
    'INVALID_ISSUER',
    'needs no OIDC provider',
  ],
  ['empty client id', provider(...issuer, '--client-id', ''), 'INVALID_CLIENT_ID', 'it is empty'],
  ['client id with space', provider(...issuer, '--client-id', 'work bench'), 'INVALID_CLIENT_ID', 'white space'],
  [
    'client id with control',
    provider(...issuer, '--client-id', 'work\u001bbench'),
    'INVALID_CLIENT_ID',
    'visible ASCII',
  ],
  ['long client id', provider(...issuer, '--client-id', 'a'.repeat(256)), 'INVALID_CLIENT_ID', '256 characters'],
  [
    '101 client ids',
    provider(...issuer, '--client-id', ...ids(101)),
    'INVALID_CLIENT_ID',
    '101 client ids, IAM allows 100',
  ],
  [
    'short account',
    provider(...issuer, ...client, '--account', '1234'),
    'INVALID_ACCOUNT_ID',
    'it has 4 digits, expected 12',
  ],
  ['no name', ['provision', 'web-identity-role', ...issuer, ...client], 'USAGE_ARGUMENT', 'name'],
  [
    'not OIDC',
    ['provision', 'web-identity-role', 'a', '--issuer', 'https://www.amazon.com', ...client],
    'INVALID_ISSUER',
    'issues no OIDC',
  ],
  ['empty name', roleOf(''), 'INVALID_ROLE', 'it is empty'],
  ['long name', roleOf('a'.repeat(65)), 'INVALID_ROLE', '65 characters, IAM allows 64'],
  ['name with comma', roleOf('a,b'), 'INVALID_ROLE', 'comma'],
  ['name with space', roleOf('a b'), 'INVALID_ROLE', 'expected letters'],
  ['name with umlaut', roleOf('jürgen'), 'INVALID_ROLE', 'expected letters'],
  ['ARN as name', roleOf('arn:aws:iam::123456789012:role/a'), 'INVALID_ROLE', 'it is an ARN'],
  ['path in name', roleOf('team/a'), 'INVALID_ROLE', '--path'],
  ['service-linked name', roleOf('AWSServiceRoleForRDS'), 'INVALID_ROLE', 'service-linked'],
  ['Identity Center name', roleOf('AWSReservedSSO_Admin_0123456789abcdef'), 'INVALID_ROLE', 'Identity Center'],
  ['path without slashes', role('--path', 'workbench'), 'INVALID_ROLE', 'begin and end with a slash'],
  ['path with space', role('--path', '/a b/'), 'INVALID_ROLE', 'visible ASCII'],
  ['path with a wildcard', role('--path', '/*/'), 'INVALID_ROLE', 'wildcard'],
  ['path of AWS', role('--path', '/aws-service-role/x/'), 'INVALID_ROLE', 'belongs to AWS'],
  ['long path', role('--path', `/${'a'.repeat(511)}/`), 'INVALID_ROLE', '513 characters'],
  ['short session', role('--max-session-duration', '59m'), 'INVALID_ROLE', 'expected 1h to 12h'],
  ['long session', role('--max-session-duration', '13h'), 'INVALID_ROLE', 'expected 1h to 12h'],
  ['session in seconds', role('--max-session-duration', '3600'), 'INVALID_ROLE', 'as 4h or 90m'],
  ['typographic description', role('--description', 'analysts – all'), 'INVALID_ROLE', '"–" (U+2013)'],
  ['long description', role('--description', 'a'.repeat(1001)), 'INVALID_ROLE', '1001 characters'],
  ['bare policy name', role('--policy', 'AmazonAthenaFullAccess'), 'INVALID_POLICY_ARN', 'expected the full ARN'],
  ['role ARN as policy', role('--policy', 'arn:aws:iam::123456789012:role/a'), 'INVALID_POLICY_ARN', ':policy/'],
  ['policy beside none', role('--policy', 'none', 'arn:aws:iam::aws:policy/A'), 'INVALID_POLICY_ARN', '"none"'],
  ['bad boundary', role('--permissions-boundary', 'boundary'), 'INVALID_POLICY_ARN', 'expected the full ARN'],
  ['empty subject', role('--subject', ''), 'INVALID_SUBJECT', 'it is empty'],
  ['subject pattern', role('--subject', 'team-*'), 'INVALID_SUBJECT', 'wildcard'],
  ['subject with variable', role('--subject', '$'.concat('{aws:username}')), 'INVALID_SUBJECT', 'policy variable'],
  ['long subject', role('--subject', 'a'.repeat(256)), 'INVALID_SUBJECT', '256 characters'],
]

describe('a wrong flag', () => {
  test.each(bad)('%s', async (_, argv, code, words) => {
    const { json, exitCode } = await adminJson(argv, { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code })
    expect(json.error.message).toContain(words)
    expect(json.error.message).toContain('nothing was changed')
    expect(requests).toBe(0)
  })

  test('is reported beside all the others', async () => {
    const argv = roleOf('a b', '--subject', 'x*', '--policy', 'P', 'Q', '--path', 'p', '--max-session-duration', '1d')
    const { stderr, exitCode } = await admin(argv, { env })
    expect(exitCode).toBe(2)
    for (const seen of ['"a b"', '"x*"', '"P"', '"Q"', '"p"', '"1d"']) expect(stderr).toContain(`${seen} is not`)
    const { json } = await adminJson(argv, { env })
    expect(json.error.details.problems).toHaveLength(5)
    expect(requests).toBe(0)
  })
})

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `client-${index}`)
}
