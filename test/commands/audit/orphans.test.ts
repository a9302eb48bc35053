import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { seedRole } from '../../support/aws-seeds.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'
import { specFile } from '../../support/spec-file.ts'

const directory = temporaryDirectory()
const database = join(directory, 'admin.db')
const missing = 'arn:aws:iam::123456789012:role/team/missing'

beforeAll(async () => {
  const set = (name: string, arns: string, ...more: string[]) =>
    admin(['set-aws-role-arns', name, arns, '--database', database, ...more])
  await set('root', `${analyst},${missing}`)
  await set('nobody', `${missing},${scientist}`)
  await set('nosuchperson', engineer)
  await set('no such'.replace(' ', ';touch$(x)'), analyst)
  await set('12345', analyst)
})

/** A system whose getent is another: for what cannot be had of a real directory server without one. */
function withGetent(script: string): Record<string, string> {
  const place = join(directory, randomUUID())
  mkdirSync(place)
  writeFileSync(join(place, 'getent'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { ADMIN_DATABASE: database, PATH: `${place}:${process.env.PATH}` }
}

describe('audit orphans', () => {
  const env = { ADMIN_DATABASE: database }

  test('lists people whose system account is gone, and who gave them their roles', async () => {
    const { json, exitCode, stderr } = await adminJson(['audit', 'orphans'], { env })
    // For one of them was not checked.
    expect(exitCode).toBe(8)
    expect(json).toEqual(
      ['no;touch$(x)such', 'nosuchperson'].map((name) => ({
        kind: 'user',
        name,
        why: 'no system account',
        holders: 1,
        set_at: expect.stringMatching(/Z$/),
        set_by: expect.any(String),
      })),
    )
    // getent takes a number for a uid.
    expect(stderr).toBe('Warning: not checked: user 12345\n  the system cannot be asked about this name\n')
  })

  test('has a table, csv and jsonl', async () => {
    const table = await admin(['audit', 'orphans'], { env })
    expect(table.stdout).toMatch(/^KIND +NAME +WHY +HOLDERS +SET AT +SET BY\nuser +no;touch/)
    const csv = await admin(['audit', 'orphans', '--format', 'csv'], { env })
    expect(csv.stdout).toMatch(/^kind,name,why,holders,set_at,set_by\nuser,no;touch/)
    const jsonl = await admin(['audit', 'orphans', '--format', 'jsonl'], { env })
    expect(
      jsonl.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(['no;touch$(x)such', 'nosuchperson'])
  })

  test('takes nobody for gone where the directory cannot be asked', async () => {
    const run = await adminJson(['audit', 'orphans'], { env: withGetent('exit 3') })
    expect(run).toMatchObject({ exitCode: 8, json: [] })
    for (const name of ['root', 'nobody', 'nosuchperson']) expect(run.stderr).toContain(`not checked: user ${name}\n`)
  })

  test('knows people whom the directory answers under another spelling', async () => {
    const getent = `shift 2
status=0
for name; do
  case $name in
    root) echo root:x:0:0::/:/bin/sh ;;
    nosuchperson) echo NoSuchPerson:x:7:7::/:/bin/sh ;;
    *) status=2 ;;
  esac
done
exit $status`
    const { json } = await adminJson(['audit', 'orphans'], { env: withGetent(getent) })
    expect(json.map(({ name }: { name: string }) => name)).toEqual(['no;touch$(x)such', 'nobody'])
  })

  test('says where there is no getent', async () => {
    const { json, exitCode } = await adminJson(['audit', 'orphans'], { env: { ...env, PATH: '/nonexistent' } })
    expect({ exitCode, error: json.error }).toMatchObject({
      exitCode: 7,
      error: { code: 'UNAVAILABLE_ACCOUNTS', message: expect.stringContaining('there is no getent in PATH') },
    })
  })

  test('of a store without people says so', async () => {
    const own = { ADMIN_DATABASE: join(directory, 'none.db') }
    await admin(['store', 'migrate'], { env: own })
    const none = await admin(['audit', 'orphans'], { env: own })
    expect(none).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('no orphans were found') })
  })

  test('asks AWS only when told to', async () => {
    expect((await adminJson(['audit', 'orphans', '--spec', 'x.yaml'], { env })).exitCode).toBe(2)
  })
})

describe('audit orphans --aws', () => {
  const emulated = emulatedAws()
  const rolesOf = (json: readonly { kind: string }[]) => json.filter(({ kind }) => kind === 'role')
  const env = () => ({ ...emulated.env, ADMIN_DATABASE: database })

  test('lists roles that AWS has no more, by one question', async () => {
    await seedRole(emulated.reader, 'Analyst')
    await seedRole(emulated.reader, 'analyst-2')
    await seedRole(emulated.reader, 'data-scientist', { Path: '/elsewhere/' })
    emulated.aws.forget()
    const { json, stderr, exitCode } = await adminJson(['audit', 'orphans', '--aws'], { env: env() })
    expect(exitCode).toBe(8)
    expect(rolesOf(json)).toMatchObject([
      { name: analyst, why: 'AWS has it as role/Analyst', holders: 3 },
      { name: scientist, why: 'AWS has it as role/elsewhere/data-scientist', holders: 1 },
      { name: missing, why: 'no such role in AWS', holders: 2, set_at: expect.stringMatching(/Z$/) },
    ])
    expect(stderr).toContain('not checked: account 210987654321 (1 role assigned)\n  there is no access')
    expect(emulated.aws.actions).toEqual(['GetCallerIdentity', 'GetAccountAuthorizationDetails'])
  })

  test('goes through the accounts of a spec, and looks at the others where one does not open', async () => {
    await seedRole(emulated.reader, 'analyst')
    const spec = specFile(
      directory,
      `version: 1
name: x
accounts:
  "123456789012": { region: us-east-1 }
  "210987654321": { profile: nosuchprofile, region: us-east-1 }
`,
    )
    const { json, stderr, exitCode } = await adminJson(['audit', 'orphans', '--aws', '--spec', spec], { env: env() })
    expect(exitCode).toBe(8)
    expect(rolesOf(json).map((row) => (row as unknown as { name: string }).name)).toEqual([scientist, missing].sort())
    expect(stderr).toContain('not checked: account 210987654321\n')
    expect(stderr).toContain('nosuchprofile')
  })

  test('takes no role for gone where AWS refuses to tell', async () => {
    emulated.aws.inject({ action: 'GetAccountAuthorizationDetails', kind: 'deny', times: 9 })
    const { json, stderr, exitCode } = await adminJson(['audit', 'orphans', '--aws'], { env: env() })
    expect({ exitCode, roles: rolesOf(json) }).toEqual({ exitCode: 8, roles: [] })
    expect(stderr).toContain('not checked: account 123456789012 (3 roles assigned)')
    expect(stderr).toContain('iam:GetAccountAuthorizationDetails')
  })
})
