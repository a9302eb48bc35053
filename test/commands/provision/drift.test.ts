import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Estate, numbered, stateOf } from '../../support/estate.ts'
import { drifts } from '../../support/estate-drift.ts'
import { Lab, run } from '../../support/estate-lab.ts'

let lab: Lab
let estate: Estate
let whole: unknown
let ids: unknown

beforeAll(async () => {
  lab = await Lab.open('creating')
  estate = await lab.ready()
  await run(estate, ['provision', 'apply', estate.full, '--yes'])
  whole = withoutVersions(await stateOf(estate))
  ids = await roleIds()
})
afterAll(() => lab.aws.stop())

describe('a change behind our back', () => {
  test.each(drifts)('is shown by the field, and repaired in place: $title', async ({ kind, name, paths, make }) => {
    await make(estate)
    const plan = await run(estate, ['provision', 'plan', estate.full, '--adopt', '--detailed-exit-code'])
    expect(plan.exitCode).toBe(5)
    const changes: readonly { readonly action: string }[] = numbered(estate, plan.json.changes)
    expect(changes.filter(({ action }) => action !== 'unchanged')).toMatchObject([
      { action: 'update', kind, name, fields: paths.map((path) => ({ path })) },
    ])

    expect(await run(estate, ['provision', 'apply', estate.full, '--yes', '--adopt'])).toMatchObject({ exitCode: 0 })
    expect(withoutVersions(await stateOf(estate))).toEqual(whole)
    expect(await roleIds()).toEqual(ids)
  })
})

async function roleIds() {
  const names = ['analyst', 'connect', 'scientist']
  return Promise.all(names.map(async (name) => (await estate.reader.role(name)).id))
}

/** Each repair of a document leaves one more. */
function withoutVersions(state: object) {
  return JSON.parse(JSON.stringify(state, (key, value) => (key === 'versions' ? undefined : value)))
}
