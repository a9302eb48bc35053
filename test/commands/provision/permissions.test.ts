import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { admin, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'
import { neededActions } from '../../support/aws-emulator-enforcement.ts'
import { enforcePolicy } from '../../support/aws-enforcement.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import {
  type Instances,
  laterSpec,
  longPolicy,
  seedContrary,
  seedSurroundings,
  wholeSpec,
} from '../../support/operator-scenario.ts'
import { specFile } from '../../support/spec-file.ts'

interface Statement {
  readonly Action: readonly string[]
  readonly Resource: unknown
}

/** An account, as somebody who may do everything there. */
interface Place {
  readonly account: string
  readonly env: Record<string, string>
  readonly reader: AwsReader
  readonly instances: Instances
}

/** What an operator does, by which policy, and what is there before. */
interface Phase {
  readonly policy: readonly Statement[]
  readonly command: (instances: Instances) => readonly string[]
  readonly prepare: (place: Place) => Promise<unknown>
}

const directory = temporaryDirectory()
const file = (text: string) => specFile(directory, text, longPolicy)
const ofApply = await printedPolicy(wholeSpec())
const ofDestroy = await printedPolicy(wholeSpec(), '--destroy')

let aws: AwsEmulator

beforeAll(async () => {
  aws = await AwsEmulator.start({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' })
})
afterAll(() => aws.stop())

const apply = (text: string, ...flags: readonly string[]) => ['provision', 'apply', file(text), '--yes', ...flags]
const applyWhole = ({ instances, env }: Place) => admin(apply(wholeSpec(instances)), { env })

const phases: Readonly<Record<string, Phase>> = {
  'apply from nothing': {
    policy: ofApply,
    command: (instances) => apply(wholeSpec(instances)),
    prepare: async () => {},
  },
  'apply --adopt where everything is there and wrong': {
    policy: ofApply,
    command: (instances) => apply(wholeSpec(instances), '--adopt'),
    prepare: ({ reader, instances }) => seedContrary(reader, instances),
  },
  'apply after a role and a profile left the spec': {
    policy: await printedPolicy(laterSpec()),
    command: (instances) => apply(laterSpec(instances)),
    prepare: applyWhole,
  },
  destroy: {
    policy: ofDestroy,
    command: (instances) => ['provision', 'destroy', file(wholeSpec(instances)), '--yes'],
    prepare: applyWhole,
  },
}
/** What each phase asked AWS for, where it ended well. */
const used = new Map<string, ReadonlySet<string>>()

beforeAll(async () => {
  for (const [name, phase] of Object.entries(phases)) {
    const { exitCode, stderr } = await run(phase, null)
    expect({ name, exitCode, output: exitCode === 0 ? '' : stderr }).toEqual({ name, exitCode: 0, output: '' })
    expect(aws.unimplemented).toEqual([])
    const free = ['sts:GetCallerIdentity']
    used.set(name, new Set(aws.requests.flatMap(neededActions).filter((action) => !free.includes(action))))
  }
}, 60_000)

describe('the policy', () => {
  test('is enough for apply, whatever is there, and has no action that is never needed', () => {
    const names = Object.keys(phases).filter((name) => name !== 'destroy')
    expect(actionsOf(ofApply)).toEqual(usedIn(names))
  })

  test('with --destroy is enough for destroy too, and no more', () => {
    expect(actionsOf(ofDestroy)).toEqual(usedIn(Object.keys(phases)))
  })

  test.each(actionsOf(ofDestroy))('without %s lets a run fail, and the failure names it', async (action) => {
    const [name = ''] = [...used].find(([, actions]) => actions.has(action)) ?? []
    const phase = phases[name]
    if (phase === undefined) throw new Error(`no phase needs ${action}`)
    const { exitCode, stdout, stderr } = await run(phase, action)
    expect([6, 8]).toContain(exitCode)
    const denied = [...(stdout + stderr).matchAll(/not authorized to perform: ([\w-]+:\w+)/g)].map(([, of]) => of)
    expect(new Set(denied)).toEqual(new Set([action]))
  })
})

/** Carries a phase out as somebody who may do what the policy says, but for one action. */
async function run({ policy, command, prepare }: Phase, without: string | null) {
  const place = await freshPlace()
  await prepare(place)
  const statements = policy.map(({ Action, ...statement }) => ({
    ...statement,
    Action: Action.filter((action) => action !== without),
    // moto judges most requests as if they were about the resource "*".
    Resource: '*',
  }))
  const env = await enforcePolicy(
    aws,
    statements.filter(({ Action }) => Action.length > 0),
    place.account,
  )
  return admin(command(place.instances), { env })
}

let places = 0

/** To wipe an AWS that knows all policies of AWS takes seconds; another account is there at once. */
async function freshPlace(): Promise<Place> {
  await aws.enforce(null)
  places += 1
  const account = String(100_000_000_000 + places)
  const env = awsEnvironment(aws, account)
  const reader = new AwsReader(env)
  return { account, env, reader, instances: await seedSurroundings(aws, reader, account) }
}

async function printedPolicy(text: string, ...flags: readonly string[]): Promise<readonly Statement[]> {
  const { stdout, stderr, exitCode } = await admin(['provision', 'permissions', file(text), ...flags])
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout).Statement
}

function actionsOf(policy: readonly Statement[]): readonly string[] {
  return policy.flatMap(({ Action }) => Action).sort()
}

function usedIn(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => [...(used.get(name) ?? [])]))].sort()
}
