import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { admin, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'
import { neededActions } from '../../support/aws-emulator-enforcement.ts'
import { enforcePolicy } from '../../support/aws-enforcement.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import {
  awsPolicySpec,
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

/** What an operator does, by which policy, and what is there before. */
interface Phase {
  readonly policy: readonly Statement[]
  readonly command: (instances: Instances) => readonly string[]
  readonly prepare: (instances: Instances) => Promise<unknown>
}

const directory = temporaryDirectory()
const file = (text: string) => specFile(directory, text, longPolicy)
const ofApply = await printedPolicy(wholeSpec())
const ofDestroy = await printedPolicy(wholeSpec(), '--destroy')

let aws: AwsEmulator
let env: Record<string, string>
let reader: AwsReader

beforeAll(async () => {
  aws = await AwsEmulator.start()
  env = awsEnvironment(aws)
  reader = new AwsReader(env)
})
afterAll(() => aws.stop())

const apply = (text: string, ...flags: readonly string[]) => ['provision', 'apply', file(text), '--yes', ...flags]
const applyWhole = (instances: Instances) => admin(apply(wholeSpec(instances)), { env })

const phases: Readonly<Record<string, Phase>> = {
  'apply from nothing': {
    policy: ofApply,
    command: (instances) => apply(wholeSpec(instances)),
    prepare: async () => {},
  },
  'apply --adopt where everything is there and wrong': {
    policy: ofApply,
    command: (instances) => apply(wholeSpec(instances), '--adopt'),
    prepare: (instances) => seedContrary(reader, instances),
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
    expect(deniedIn(stdout + stderr)).toEqual([action])
  })
})

describe('the policy for a spec with policies of AWS', () => {
  let ofAws: AwsEmulator
  beforeAll(async () => {
    ofAws = await AwsEmulator.start({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' })
  })
  afterAll(() => ofAws.stop())

  test('lets look for them: without iam:GetPolicy apply fails and names it, with it all is done', async () => {
    const policy = await printedPolicy(awsPolicySpec)
    const denied = await admin(apply(awsPolicySpec), {
      env: await enforcePolicy(ofAws, lacking(policy, 'iam:GetPolicy')),
    })
    expect(denied.exitCode).toBe(6)
    expect(deniedIn(denied.stderr)).toEqual(['iam:GetPolicy'])
    await ofAws.enforce(null)
    const allowed = await enforcePolicy(ofAws, lacking(policy, null), '210987654321')
    expect(await admin(apply(awsPolicySpec), { env: allowed })).toMatchObject({ exitCode: 0 })
    expect(ofAws.requests.flatMap(neededActions)).toContain('iam:GetPolicy')
  })
})

/** The actions that AWS says were denied. */
function deniedIn(output: string): readonly unknown[] {
  return [...new Set([...output.matchAll(/not authorized to perform: ([\w-]+:\w+)/g)].map(([, action]) => action))]
}

/** Carries a phase out as somebody who may do what the policy says, but for one action. */
async function run({ policy, command, prepare }: Phase, without: string | null) {
  await aws.reset()
  const instances = await seedSurroundings(aws, reader)
  await prepare(instances)
  return admin(command(instances), { env: await enforcePolicy(aws, lacking(policy, without)) })
}

function lacking(policy: readonly Statement[], without: string | null): readonly Statement[] {
  const statements = policy.map(({ Action, ...statement }) => ({
    ...statement,
    Action: Action.filter((action) => action !== without),
    // moto judges most requests as if they were about the resource "*".
    Resource: '*',
  }))
  return statements.filter(({ Action }) => Action.length > 0)
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
