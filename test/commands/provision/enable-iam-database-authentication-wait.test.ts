import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, startAdmin } from '../../support/admin.ts'
import { seedCluster } from '../../support/aws-seeds.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const argv = ['provision', 'enable-iam-database-authentication', 'sales', '--apply-immediately', '--wait']

describe('--wait', () => {
  test('looks again until the database has what was asked, and says that it waits', async () => {
    await seedCluster(here.reader, 'sales')
    here.aws.setDescribesUntilApplied(2)
    here.aws.forget()
    const run = await admin(argv, here)
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 updated') })
    expect(run.stderr).toContain('Waiting for "sales": available')
    const after = here.aws.actions.slice(here.aws.actions.indexOf('ModifyDBCluster') + 1)
    expect(after).toEqual(['DescribeDBClusters', 'DescribeDBClusters', 'DescribeDBClusters'])
    expect((await here.reader.cluster('sales')).iamAuthentication).toBe(true)
  })

  test('that is denied once the change is made does not say that nothing was changed', async () => {
    await seedCluster(here.reader, 'sales')
    here.aws.onWrite({ after: () => here.aws.inject({ action: 'DescribeDBClusters', kind: 'deny', times: 99 }) })
    const { json, exitCode } = await adminJson(argv, here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS' })
    expect(json.error.message).not.toContain('nothing was changed')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'ended by %s tells what is done and that AWS goes on, exit 8',
    async (signal) => {
      await seedCluster(here.reader, 'sales')
      here.aws.setDescribesUntilApplied(99)
      const child = startAdmin([...argv, '--json'], { env: here.env })
      child.stdin?.end()
      const said = { stdout: '', stderr: '' }
      for (const stream of ['stdout', 'stderr'] as const)
        child[stream]?.on('data', (chunk: Buffer) => {
          said[stream] += chunk.toString('utf8')
          if (stream === 'stderr' && /Waiting for "sales"/.test(chunk.toString('utf8'))) child.kill(signal)
        })
      const exitCode = await new Promise((resolve) => child.on('close', resolve))
      expect(exitCode).toBe(8)
      expect(said.stderr).toContain('Stopping: AWS goes on with the change by itself')
      expect(JSON.parse(said.stdout)).toMatchObject({
        changes: [{ name: 'sales', status: 'done' }],
        summary: { update: 1 },
      })
      expect(here.aws.writes).toContain('ModifyDBCluster')
    },
  )
})
