import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from './admin.ts'
import { AwsEmulator, awsEnvironment } from './aws-emulator.ts'
import { AwsReader } from './aws-readback.ts'
import { specFile } from './spec-file.ts'
import { sqlite } from './sqlite.ts'

type Environment = Readonly<Record<string, string>>

/** An AWS and a store for the tests of one file, both empty before each. */
export function provisionBench() {
  const directory = temporaryDirectory()
  let aws: AwsEmulator
  let env: Environment = {}
  beforeAll(async () => {
    aws = await AwsEmulator.start()
  })
  afterAll(() => aws.stop())
  afterEach(() => expect(aws.unimplemented).toEqual([]))
  beforeEach(async () => {
    await aws.reset()
    env = { ...awsEnvironment(aws), ADMIN_DATABASE: join(directory, randomUUID(), 'admin.db') }
  })
  const withEnv = (more: Environment) => ({ env: { ...env, ...more } })
  return {
    directory,
    get aws() {
      return aws
    },
    get env() {
      return env
    },
    get reader() {
      return new AwsReader(env)
    },
    run: (argv: readonly string[], more: Environment = {}) => admin(argv, withEnv(more)),
    runJson: (argv: readonly string[], more: Environment = {}) => adminJson(argv, withEnv(more)),
    /** Writes a spec, answers its file. */
    spec: (roles: object, more: object = {}) => specFile(directory, specOf(roles, more)),
    /** The audit log's events of calls to AWS, oldest first, by another road than ours. */
    calls: (): readonly CallEvent[] =>
      sqlite(
        env.ADMIN_DATABASE ?? '',
        `SELECT action, json_extract(details, '$.call') AS call, json_extract(details, '$.operation') AS operation,
                json_extract(details, '$.outcome') AS outcome
         FROM events WHERE action LIKE 'aws-%' ORDER BY id`,
      ),
  }
}

export interface CallEvent {
  readonly action: 'aws-request' | 'aws-response'
  readonly call: string
  readonly operation: string
  readonly outcome: 'done' | 'failed' | null
}

export const issuer = 'https://sso.example.com'
export const providerArn = 'arn:aws:iam::123456789012:oidc-provider/sso.example.com'

/** A spec of the account of the credentials. JSON is YAML, too. */
function specOf(roles: object, more: object): string {
  const identityProvider = { issuer, clientIds: ['workbench'] }
  return JSON.stringify({ version: 1, name: 'workbench-prod', identityProvider, roles, ...more })
}

/** A role that lets in these people. */
export function roleFor(...subjects: readonly string[]) {
  return { trust: { subjects } }
}
