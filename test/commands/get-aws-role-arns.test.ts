import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminFile, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer, scientist } from '../support/arns.ts'
import { sqlite, tamper } from '../support/sqlite.ts'

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
    expect(run.stderr).toContain('"nobody" has no AWS roles\n')
  })

  test.each(['Alice', 'alise', 'ALICE'])('asks of %s, whom nobody knows, whether another was meant', async (name) => {
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    const { stderr } = await admin(['get-aws-role-arns', name], { env })
    expect(stderr).toContain(`"${name}" has no AWS roles; did you mean "alice"?\n`)
  })
})

describe('what somebody with rights to the file put into the store', () => {
  test('is refused where it is no role ARN', async () => {
    const file = join(directory, 'edited.db')
    await admin(['set-aws-role-arns', 'alice', analyst, '--database', file])
    sqlite(file, "UPDATE roles SET arn = 'arn:aws:iam::123456789012:user/alice'")
    const { json, exitCode } = await adminJson(['get-aws-role-arns', 'alice', '--database', file])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_DATABASE' })
  })

  test('cannot act on a terminal, in any format', async () => {
    const file = join(directory, 'hostile.db')
    await admin(['set-aws-role-arns', 'alice', analyst, '--database', file])
    const hostile = 'x\u001b[2J\u009b31m\u202eevil\u2028\u{e0041}'
    tamper(
      file,
      `UPDATE events SET reason = '${hostile}', actor = '${hostile}'`,
      `UPDATE assignments SET set_by = '${hostile}'`,
    )
    for (const argv of [
      ['get-aws-role-arns', 'alice', '--long'],
      ['get-aws-role-arns', 'alice', '--json'],
      ['audit', 'log'],
      ['audit', 'log', '--json'],
    ]) {
      const { stdout } = await admin([...argv, '--database', file])
      expect(stdout).toContain('evil')
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
    }
    expect((await adminJson(['audit', 'log', '--database', file])).json[0].reason).toBe(hostile)
  })
})

test('a reader that has seen enough is no error', async () => {
  const file = join(directory, 'long.db')
  await admin(['set-aws-role-arns', 'alice', analyst, '--database', file])
  const columns = 'at, action, actor, actor_uid, host, username, before, after, reason, details, previous_hash'
  const many = `WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO events (id, ${columns}, hash) SELECT i, ${columns}, 'hash' || i FROM n, events WHERE events.id = 1`
  tamper(file, many)
  const shell = `set -o pipefail; "${process.execPath}" "${adminFile}" audit log --database "${file}" | head -2`
  expect(execFileSync('bash', ['-c', shell], { encoding: 'utf8' }).split('\n')).toHaveLength(3)
})
