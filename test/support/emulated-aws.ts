import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { AwsEmulator, awsEnvironment } from './aws-emulator.ts'
import { AwsReader } from './aws-readback.ts'

export interface EmulatedAws {
  readonly aws: AwsEmulator
  /** Of the account 123456789012, in us-east-1. */
  readonly env: Record<string, string>
  readonly reader: AwsReader
}

/** An AWS for the tests of one file: empty before each of them, and never asked for what it does not have. */
export function emulatedAws(): EmulatedAws {
  let current: EmulatedAws | undefined
  const here = () => {
    if (current === undefined) throw new Error('the emulator is there only while tests run')
    return current
  }
  beforeAll(async () => {
    const aws = await AwsEmulator.start()
    const env = awsEnvironment(aws)
    current = { aws, env, reader: new AwsReader(env) }
  })
  afterAll(() => here().aws.stop())
  beforeEach(() => here().aws.reset())
  afterEach(() => expect(here().aws.unimplemented).toEqual([]))
  return {
    get aws() {
      return here().aws
    },
    get env() {
      return here().env
    },
    get reader() {
      return here().reader
    },
  }
}

/** Another place of the same AWS. */
export function elsewhere({ aws }: EmulatedAws, place: { readonly region?: string; readonly account?: string }) {
  const env = { ...awsEnvironment(aws, place.account), ...(place.region !== undefined && { AWS_REGION: place.region }) }
  return { env, reader: new AwsReader(env) }
}
