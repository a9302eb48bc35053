/**
 * Provisioning, beside a shell loop over the AWS CLI that does the same against the same emulator. The loop runs on a
 * part of the roles, for it takes seconds for each, and its time is scaled.
 */
import { AwsEmulator, awsEnvironment } from '../test/support/aws-emulator.ts'
import { type AwsCli, findAwsCli } from './aws-cli.ts'
import { interleave, median } from './interleave.ts'
import { readLoop, writeLoop } from './provision-loops.ts'
import { ACCOUNTS, POLICIES_OF_A_ROLE, writeApplySpec, writePlanSpec, writeProfiles } from './provision-specs.ts'
import { atLeast, atMost, type Row } from './table.ts'

export interface ProvisioningRequest {
  /** The program and what stands before every command. */
  readonly program: readonly string[]
  readonly directory: string
  readonly say: (text: string) => void
}

const PLANNED_ROLES = 1000
const APPLIED_ROLES = 200
/** As many roles as the loop over the AWS CLI does in a round. */
const READ_ROLES = 10
const WRITTEN_ROLES = 5
const PLAN_ROUNDS = 5
const APPLY_ROUNDS = 3
const MEGABYTE = 1024 ** 2
const MOST_MEMORY = 200

export async function provisioning(request: ProvisioningRequest): Promise<readonly Row[]> {
  const cli = findAwsCli(request.say)
  if (cli === null) request.say('!!! NO AWS CLI and no way to install it: the rows that compare with it are LEFT OUT')
  const emulator = await AwsEmulator.start()
  try {
    const stage = { ...request, emulator, cli }
    return [...(await planRows(stage)), ...(await applyRows(stage))]
  } finally {
    await emulator.stop()
  }
}

interface Stage extends ProvisioningRequest {
  readonly emulator: AwsEmulator
  readonly cli: AwsCli | null
}

/** A plan that finds nothing to do: everything was applied before. */
async function planRows({ program, directory, say, emulator, cli }: Stage): Promise<readonly Row[]> {
  const spec = writePlanSpec(directory, PLANNED_ROLES)
  const env = environment(emulator, directory)
  const plan = [...program, 'provision', 'plan', spec, '--detailed-exit-code']
  say(`provisioning: making ${PLANNED_ROLES} roles`)
  await measure(emulator, [...program, 'provision', 'apply', spec, '--yes'], env)
  say(`provisioning: plan, ${PLAN_ROUNDS} rounds`)
  const [runs, loops]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < PLAN_ROUNDS; round += 1) {
    runs.push(await measure(emulator, plan, env))
    if (cli !== null) loops.push(await measure(emulator, readLoop(cli, READ_ROLES), env))
  }
  const work = `plan, ${PLANNED_ROLES.toLocaleString('en')} roles, nothing to do`
  return [
    timeRow(work, runs),
    atMost('  requests', most(runs, 'requests'), PLANNED_ROLES / 1000 + 10, ''),
    atMost('  peak memory', most(runs, 'bytes') / MEGABYTE, MOST_MEMORY, 'MB'),
    ...speedRows(runs, loops, PLANNED_ROLES / READ_ROLES, 20, cli),
  ]
}

/** Everything is new in each round. */
async function applyRows({ program, directory, say, emulator, cli }: Stage): Promise<readonly Row[]> {
  const spec = writeApplySpec(directory, APPLIED_ROLES)
  const env = { ...environment(emulator, directory), AWS_SHARED_CREDENTIALS_FILE: writeProfiles(directory) }
  say(`provisioning: apply, ${APPLY_ROUNDS} rounds`)
  const [runs, loops]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < APPLY_ROUNDS; round += 1) {
    await emulator.reset()
    runs.push(await measure(emulator, [...program, 'provision', 'apply', spec, '--yes'], env))
    if (cli !== null) loops.push(await measure(emulator, writeLoop(cli, WRITTEN_ROLES), env))
  }
  const roles = APPLIED_ROLES * ACCOUNTS.length
  // Beside the roles a provider in each account.
  const needed = roles * (1 + POLICIES_OF_A_ROLE) + ACCOUNTS.length
  return [
    timeRow(`apply, ${APPLIED_ROLES} roles of ${POLICIES_OF_A_ROLE} policies in ${ACCOUNTS.length} accounts`, runs),
    atMost('  calls that write', most(runs, 'writes'), needed, ''),
    atMost('  peak memory', most(runs, 'bytes') / MEGABYTE, MOST_MEMORY, 'MB'),
    ...speedRows(runs, loops, roles / WRITTEN_ROLES, 10, cli),
  ]
}

function environment(emulator: AwsEmulator, directory: string): Record<string, string> {
  // Version 1 of the AWS CLI knows the region by its older name only.
  const region = { AWS_DEFAULT_REGION: 'us-east-1' }
  return { PATH: process.env.PATH ?? '', HOME: directory, ...region, ...awsEnvironment(emulator) }
}

interface Measured {
  readonly seconds: number
  readonly bytes: number
  readonly requests: number
  readonly writes: number
}

async function measure(
  emulator: AwsEmulator,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Measured> {
  emulator.forget()
  const timings = await interleave({ rounds: 1, warmUps: 0 }, { command }, env)
  const { seconds: [seconds = Number.NaN] = [], bytes: [bytes = Number.NaN] = [] } = timings.get('command') ?? {}
  return { seconds, bytes, requests: emulator.requests.length, writes: emulator.writes.length }
}

function most(runs: readonly Measured[], what: keyof Measured): number {
  return Math.max(...runs.map((run) => run[what]))
}

function timeRow(work: string, runs: readonly Measured[]): Row {
  const seconds = median(runs.map((run) => run.seconds))
  return { work, measured: `${seconds.toFixed(1)} s`, target: '', isMet: true }
}

/** How many times as fast as the loop, as the median of the rounds. */
function speedRows(
  runs: readonly Measured[],
  loops: readonly Measured[],
  scale: number,
  target: number,
  cli: AwsCli | null,
): readonly Row[] {
  if (cli === null) return []
  const ratios = runs.map(({ seconds }, round) => ((loops[round]?.seconds ?? Number.NaN) * scale) / seconds)
  return [atLeast('  speed', median(ratios), target, `x ${cli.version}`)]
}
