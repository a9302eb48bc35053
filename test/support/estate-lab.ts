import { adminJson, type RunOptions, startAdmin } from './admin.ts'
import { AwsEmulator, type LoggedRequest } from './aws-emulator.ts'
import { isWrite } from './aws-emulator-requests.ts'
import { type Estate, newEstate, stateOf } from './estate.ts'
import { addVersions, drift } from './estate-drift.ts'

/** A run of the program that writes, and what it starts from. */
interface Scenario {
  /** Done to a new estate, once. */
  readonly begin: (estate: Estate) => Promise<void>
  /** Done again before each run; `null` where each run needs a new estate. */
  readonly prepare: ((estate: Estate) => Promise<void>) | null
  readonly argv: (estate: Estate) => readonly string[]
}

const apply = (file: string, ...flags: readonly string[]) => ['provision', 'apply', file, '--yes', ...flags]
const asSeeded = async () => {}

async function applied(estate: Estate): Promise<void> {
  const { exitCode, stdout } = await run(estate, apply(estate.full))
  if (exitCode !== 0) throw new Error(`the spec cannot be applied: ${stdout}`)
}

/** With versions that stand in the way of what is to go. */
async function appliedAndAged(estate: Estate): Promise<void> {
  await applied(estate)
  await Promise.all(['analyst-queries', 'scientist-queries'].map((name) => addVersions(estate, name, 1)))
}

const scenarios = {
  creating: { begin: asSeeded, prepare: null, argv: ({ full }) => apply(full) },
  repairing: { begin: applied, prepare: drift, argv: ({ full }) => apply(full, '--adopt') },
  removing: { begin: asSeeded, prepare: appliedAndAged, argv: ({ reduced }) => apply(reduced) },
  destroying: {
    begin: asSeeded,
    prepare: appliedAndAged,
    argv: ({ full }) => ['provision', 'destroy', full, '--yes'],
  },
} as const satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof scenarios
export const scenarioNames: readonly ScenarioName[] = ['creating', 'repairing', 'removing', 'destroying']

export function run({ env }: Estate, argv: readonly string[], options: RunOptions = {}) {
  return adminJson(argv, { env: { ...env, ...options.env } })
}

/** An emulator with as many estates as are needed at a time, each in an account of its own, for runs of one scenario. */
export class Lab {
  readonly aws: AwsEmulator
  readonly #scenario: Scenario
  readonly #estates: Estate[] = []
  /** By account: told of each write that was applied, before its sender is. */
  readonly #watchers = new Map<string, (write: string) => void>()
  #accounts = 0

  private constructor(aws: AwsEmulator, scenario: Scenario) {
    this.aws = aws
    this.#scenario = scenario
    aws.onWrite({ after: (_, { account, service, action }) => this.#watchers.get(account)?.(`${service}:${action}`) })
  }

  static async open(name: ScenarioName): Promise<Lab> {
    return new Lab(await AwsEmulator.start(), scenarios[name])
  }

  /** Does the work in so many estates that are ready for a run. Where it fails, they are not used again. */
  async inReady(count: number, work: (estates: readonly Estate[]) => Promise<void>): Promise<void> {
    const estates = await Promise.all(Array.from({ length: count }, () => this.ready()))
    await work(estates)
    if (this.#scenario.prepare !== null) this.#estates.push(...estates)
  }

  /** One that is ready for a run. */
  async ready(): Promise<Estate> {
    const estate = this.#estates.pop() ?? (await this.#begin())
    await this.#scenario.prepare?.(estate)
    return estate
  }

  async #begin(): Promise<Estate> {
    this.#accounts += 1
    const estate = await newEstate(this.aws, String(100_000_000_000 + this.#accounts))
    await this.#scenario.begin(estate)
    return estate
  }

  argv(estate: Estate): readonly string[] {
    return this.#scenario.argv(estate)
  }

  /** The run as it is where nothing goes wrong, and what is written by the one after it. */
  async rehearse() {
    const estate = await this.ready()
    const from = this.aws.requests.length
    const { exitCode, stderr } = await run(estate, this.argv(estate))
    if (exitCode !== 0) throw new Error(`the run fails by itself: ${stderr}`)
    const [writes, state] = [this.writes(estate, from), await stateOf(estate)]
    const next = this.aws.requests.length
    await run(estate, this.argv(estate))
    return { writes, state, again: this.writes(estate, next) }
  }

  /** As `iam:CreateRole`, since the n-th request of all. */
  writes({ account }: Estate, from = 0): readonly string[] {
    const ofEstate = (asked: LoggedRequest) => asked.account === account && isWrite(asked)
    return this.aws.requests
      .slice(from)
      .filter(ofEstate)
      .map(({ service, action }) => `${service}:${action}`)
  }

  /** The statuses of the answers to a call, 0 where the connection was cut, since the n-th request of all. */
  answers({ account: ofEstate }: Estate, write: string, from: number): readonly number[] {
    return this.aws.requests
      .slice(from)
      .filter(({ service, action, account }) => account === ofEstate && `${service}:${action}` === write)
      .map(({ status }) => status)
  }

  /** Runs until so many writes were applied, and answers with the last one, whose answer nobody saw. */
  async runAndKill(estate: Estate, writes: number): Promise<string> {
    const child = startAdmin(this.argv(estate), { env: estate.env })
    const applied: string[] = []
    this.#watchers.set(estate.account, (asked) => {
      applied.push(asked)
      if (applied.length === writes) child.kill('SIGKILL')
    })
    await new Promise((resolve) => child.on('close', resolve))
    this.#watchers.delete(estate.account)
    return applied[writes - 1] ?? 'nothing'
  }
}
