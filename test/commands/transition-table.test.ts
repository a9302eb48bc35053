import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer, scientist } from '../support/arns.ts'
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'
import { sqlite } from '../support/sqlite.ts'

const directory = temporaryDirectory()
let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
  writeFileSync(
    join(directory, 'config.yaml'),
    `sso:\n  issuer: ${provider.issuer}\n  clientId: workbench\n  allowInsecureLoopback: true\n`,
  )
})

afterAll(() => provider.stop())

type State = 'none' | 'cli' | 'sso'
type Step =
  | 'set'
  | 'set --force'
  | 'login with the claim'
  | 'login with an empty claim'
  | 'login without the claim'
  | 'unset'

interface Cell {
  readonly before: State
  readonly step: Step
  readonly exitCode: number
  readonly outcome: string
  readonly after: State
  readonly roleArns: readonly string[]
}

const cell = (
  before: State,
  step: Step,
  outcome: string,
  after: State,
  roleArns: readonly string[],
  exitCode = 0,
): Cell => ({
  before,
  step,
  exitCode,
  outcome,
  after,
  roleArns,
})

/** The table of the manual, cell by cell. Before each step the roles are those of its source, `analyst` or `scientist`. */
const table: readonly Cell[] = [
  cell('none', 'set', 'created', 'cli', [engineer]),
  cell('none', 'set --force', 'created', 'cli', [engineer]),
  cell('none', 'login with the claim', 'overridden', 'sso', [engineer]),
  cell('none', 'login with an empty claim', 'overridden', 'sso', []),
  cell('none', 'login without the claim', 'not-asserted', 'none', []),
  cell('none', 'unset', 'unchanged', 'none', []),
  cell('cli', 'set', 'replaced', 'cli', [engineer]),
  cell('cli', 'set --force', 'replaced', 'cli', [engineer]),
  cell('cli', 'login with the claim', 'overridden', 'sso', [engineer]),
  cell('cli', 'login with an empty claim', 'overridden', 'sso', []),
  cell('cli', 'login without the claim', 'not-asserted', 'cli', [analyst]),
  cell('cli', 'unset', 'removed', 'none', []),
  cell('sso', 'set', 'REFUSED_SSO_GOVERNS', 'sso', [scientist], 3),
  cell('sso', 'set --force', 'replaced', 'cli', [engineer]),
  cell('sso', 'login with the claim', 'overridden', 'sso', [engineer]),
  cell('sso', 'login with an empty claim', 'overridden', 'sso', []),
  cell('sso', 'login without the claim', 'cleared', 'none', []),
  cell('sso', 'unset', 'removed', 'none', []),
]

const rolesBefore: Readonly<Record<State, readonly string[]>> = { none: [], cli: [analyst], sso: [scientist] }

async function loginWith(claims: Record<string, unknown>): Promise<{ argv: readonly string[]; stdin: string }> {
  return { argv: ['sso', 'apply-claims', 'alice', '--id-token-file', '-'], stdin: await provider.sign(claims) }
}

async function commandOf(step: Step): Promise<{ argv: readonly string[]; stdin?: string }> {
  switch (step) {
    case 'set':
      return { argv: ['set-aws-role-arns', 'alice', engineer] }
    case 'set --force':
      return { argv: ['set-aws-role-arns', 'alice', engineer, '--force'] }
    case 'unset':
      return { argv: ['unset-aws-role-arns', 'alice'] }
    case 'login with the claim':
      return loginWith({ aws_role_arn: [engineer] })
    case 'login with an empty claim':
      return loginWith({ aws_role_arn: [] })
    case 'login without the claim':
      return loginWith({})
  }
}

async function storeIn(state: State) {
  const file = join(directory, randomUUID(), 'admin.db')
  const env = {
    ADMIN_DATABASE: file,
    ADMIN_CONFIG: join(directory, 'config.yaml'),
    ADMIN_CACHE_DIRECTORY: join(directory, 'cache'),
  }
  await admin(['store', 'migrate'], { env })
  if (state === 'cli') await admin(['set-aws-role-arns', 'alice', analyst], { env })
  if (state === 'sso') {
    const { argv, stdin } = await loginWith({ aws_role_arn: scientist })
    expect((await admin(argv, { env, stdin })).exitCode).toBe(0)
  }
  return { file, env }
}

const titled = table.map(
  (entry) => [`${entry.before}, ${entry.step} → ${entry.after} (${entry.outcome})`, entry] as const,
)

describe('the transition table, through the command line', () => {
  test.each(titled)('%s, as JSON', async (_, { before, step, exitCode, outcome, after, roleArns }) => {
    const { file, env } = await storeIn(before)
    const { argv, stdin } = await commandOf(step)
    const run = await adminJson(argv, { env, ...(stdin !== undefined && { stdin }) })
    expect({ exitCode: run.exitCode, outcome: run.json.outcome ?? run.json.error.code }).toEqual({ exitCode, outcome })
    if (exitCode === 0) {
      const previous = before === 'none' ? null : { source: before, roleArns: rolesBefore[before] }
      expect(run.json.previous).toEqual(previous)
    }
    const { json } = await adminJson(['get-aws-role-arns', 'alice'], { env })
    expect({ source: json.source ?? 'none', roleArns: json.roleArns }).toEqual({ source: after, roleArns })
    const [{ held }] = sqlite(
      file,
      'SELECT json_group_array(arn) AS held FROM assignment_roles JOIN roles ON role_id = roles.id',
    )
    expect(JSON.parse(held)).toEqual(roleArns)
  })

  test.each(titled)(
    '%s, as text, and as an event with before and after',
    async (_, { before, step, exitCode, after, roleArns }) => {
      const { file, env } = await storeIn(before)
      const { argv, stdin } = await commandOf(step)
      const run = await admin(argv, { env, ...(stdin !== undefined && { stdin }) })
      expect(run.exitCode).toBe(exitCode)
      expect(exitCode === 0 ? run.stdout : run.stderr).not.toBe('')
      expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(
        roleArns.length === 0 ? '' : `${roleArns.join(',')}\n`,
      )
      const rows = sqlite(file, 'SELECT before, after FROM events ORDER BY id DESC LIMIT 1')
      const isStep = before !== after || JSON.stringify(rolesBefore[before]) !== JSON.stringify(roleArns)
      if (isStep)
        expect(describeEvent(rows[0])).toEqual({
          before: stateOf(before, rolesBefore[before]),
          after: stateOf(after, roleArns),
        })
      expect((await admin(['audit', 'verify'], { env })).exitCode).toBe(0)
    },
  )
})

function stateOf(state: State, roleArns: readonly string[]) {
  return state === 'none' ? null : expect.objectContaining({ source: state, roleArns })
}

function describeEvent({ before, after }: { before: string | null; after: string | null }) {
  return { before: JSON.parse(before ?? 'null'), after: JSON.parse(after ?? 'null') }
}
