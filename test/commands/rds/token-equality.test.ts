import { expect, test } from '@jest/globals'
import { admin } from '../../support/admin.ts'
import { botocoreTokens, signedAt, sorted, type TokenRequest } from '../../support/botocore-tokens.ts'
import { clockStandingAt } from '../../support/frozen-clock.ts'

/** Endpoints of each kind, by region and partition. */
const ENDPOINTS = [
  ['demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com', 'us-east-2'],
  ['demo.cluster-ro-abcdefghijkl.eu-west-1.rds.amazonaws.com', 'eu-west-1'],
  ['orders-1.abcdefghijkl.ap-southeast-5.rds.amazonaws.com', 'ap-southeast-5'],
  ['pool.proxy-abcdefghijkl.il-central-1.rds.amazonaws.com', 'il-central-1'],
  ['read.endpoint.proxy-abcdefghijkl.mx-central-1.rds.amazonaws.com', 'mx-central-1'],
  ['demo.abcdefghijkl.us-gov-west-1.rds.amazonaws.com', 'us-gov-west-1'],
  ['demo.cluster-abcdefghijkl.us-gov-east-1.rds.amazonaws.com', 'us-gov-east-1'],
  ['demo.abcdefghijkl.rds.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['demo.cluster-abcdefghijkl.rds.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
  ['demo.abcdefghijkl.cn-northwest-1.rds.amazonaws.com.cn', 'cn-northwest-1'],
  ['demo.abcdefghijkl.eusc-de-east-1.rds.amazonaws.eu', 'eusc-de-east-1'],
  ['demo.abcdefghijkl.us-iso-east-1.rds.c2s.ic.gov', 'us-iso-east-1'],
  ['demo.abcdefghijkl.us-isob-east-1.rds.sc2s.sgov.gov', 'us-isob-east-1'],
  ['demo.abcdefghijkl.eu-isoe-west-1.rds.cloud.adc-e.uk', 'eu-isoe-west-1'],
  ['demo.abcdefghijkl.us-isof-south-1.rds.csp.hci.ic.gov', 'us-isof-south-1'],
] as const

const USERS = [
  'analyst',
  'alice@corp.example',
  'data+science',
  'two words',
  'a/b/c',
  'this&that',
  'number#1',
  'josé',
  '分析者',
  '🦉',
  "o'neil!(*)~",
  '100%25',
  'Back\\slash:colon=equals?',
  'Łódź-user_1.x',
]
const PORTS = [5432, 3306, 1150, 65_535, 5433]
const TIMES = ['2026-03-01T09:30:00Z', '2026-12-31T23:59:59Z', '2028-02-29T00:00:00Z']
const SESSION = `IQoJb3JpZ2luX2VjE${'aB3/+='.repeat(150)}==`

const requests = Array.from({ length: 50 }, (_, index): TokenRequest => {
  const [hostname, region] = ENDPOINTS[index % ENDPOINTS.length] ?? ENDPOINTS[0]
  return {
    hostname,
    region,
    port: PORTS[index % PORTS.length] ?? 0,
    username: USERS[index % USERS.length] ?? '',
    at: TIMES[index % TIMES.length] ?? '',
    accessKeyId: index % 2 === 0 ? 'AKIAIOSFODNN7EXAMPLE' : 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: `wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY${index}`,
    ...(index % 2 === 1 && { sessionToken: SESSION }),
  }
})

async function ourToken(request: TokenRequest): Promise<string> {
  const { hostname, port, username, accessKeyId, secretAccessKey, sessionToken, at } = request
  const argv = ['rds', 'token', '--hostname', hostname, '--port', String(port), '--username', username]
  const keys = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  }
  const { stdout, stderr, exitCode } = await admin(argv, { env: { ...keys, ...clockStandingAt(at) } })
  const isQuiet = stderr === '' || (sessionToken !== undefined && stderr.includes('do not say until when'))
  expect({ exitCode, isQuiet, stderr }).toMatchObject({ exitCode: 0, isQuiet: true })
  return stdout.trimEnd()
}

test('a token is that of botocore, byte for byte but for the order of parameters, for 50 inputs at the same instants', async () => {
  expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(50)
  const theirs = botocoreTokens(requests)
  const ours: string[] = []
  for (let from = 0; from < requests.length; from += 5)
    ours.push(...(await Promise.all(requests.slice(from, from + 5).map(ourToken))))
  expect(ours.map(sorted)).toEqual(theirs.map(sorted))
})

test('by the clock of the machine it is that of botocore at the instant that stands in it', async () => {
  const request = requests[0]
  if (request === undefined) throw new Error('there are no requests')
  const { hostname, port, username, accessKeyId, secretAccessKey } = request
  const argv = ['rds', 'token', '--hostname', hostname, '--port', String(port), '--username', username]
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const token = (await admin(argv, { env })).stdout.trimEnd()
  const at = signedAt(token)
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000)
  expect([sorted(token)]).toEqual(botocoreTokens([{ ...request, at }]).map(sorted))
})
