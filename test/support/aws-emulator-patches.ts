import { iamPatches } from './aws-emulator-iam-patches.ts'
import { rdsPatches } from './aws-emulator-rds-patches.ts'
import { redshiftPatches, redshiftServerlessPatches } from './aws-emulator-redshift-patches.ts'
import type { AwsAnswer, AwsRequest, Forward } from './aws-emulator-requests.ts'
import type { PatchState } from './aws-emulator-state.ts'

/** Answers in place of moto. */
export type Patch = (asked: AwsRequest, forward: Forward, state: PatchState) => Promise<AwsAnswer>

/**
 * What moto 5.2.5 lacks and we need, each a belief about AWS with its source. Everything else is moto's own.
 */
export const patches: Readonly<Record<string, Readonly<Record<string, Patch>>>> = {
  iam: iamPatches,
  rds: rdsPatches,
  redshift: redshiftPatches,
  'redshift-serverless': redshiftServerlessPatches,
}
