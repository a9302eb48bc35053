import { expect, test } from '@jest/globals'
import { rdsToken } from '../../../src/aws/rds-token.ts'

const host = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
const endpoint = { host, port: 5433, user: 'keeper' }

function withCredentials<T>(work: () => Promise<T>): Promise<T> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' })
  return work()
}

test('a token for a database names host, port, user and the region of the endpoint, and is good for 15 minutes', async () => {
  const token = new URL(`https://${await withCredentials(() => rdsToken(endpoint, { AWS_REGION: 'eu-west-1' }))}`)
  expect(token.host).toBe(`${host}:5433`)
  const values = Object.fromEntries(token.searchParams)
  expect(values).toMatchObject({ Action: 'connect', DBUser: 'keeper', 'X-Amz-Expires': '900' })
  expect(values['X-Amz-Credential']).toMatch(/^AKIDEXAMPLE\/\d{8}\/us-east-2\/rds-db\/aws4_request$/)
})

test('the region of a host of another name is that of the environment', async () => {
  const elsewhere = { ...endpoint, host: 'db.example.com' }
  const token = await withCredentials(() => rdsToken(elsewhere, { AWS_DEFAULT_REGION: 'eu-west-1' }))
  expect(token).toContain('%2Feu-west-1%2Frds-db%2F')
  await expect(rdsToken(elsewhere, {})).rejects.toMatchObject({ code: 'INVALID_REGION' })
})
