import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer, scientist } from '../support/arns.ts'

const directory = temporaryDirectory()
const env = { ADMIN_DATABASE: join(directory, 'admin.db') }

describe('get-aws-role-arns', () => {
  test('prints one line that set takes back', async () => {
    await admin(['set-aws-role-arns', 'alice', `${analyst},${scientist},${engineer}`], { env })
    const { stdout } = await admin(['get-aws-role-arns', 'alice'], { env })
    expect(stdout).toBe(`${analyst},${scientist},${engineer}\n`)
    const { json } = await adminJson(['set-aws-role-arns', 'alice', stdout.trim()], { env })
    expect(json.outcome).toBe('unchanged')
  })

  test('prints nothing on stdout for a person without roles, and says so on stderr', async () => {
    const run = await admin(['get-aws-role-arns', 'nobody'], { env })
    expect(run).toMatchObject({ stdout: '', exitCode: 0 })
    expect(run.stderr).toContain('"nobody" has no AWS roles')
  })
})
