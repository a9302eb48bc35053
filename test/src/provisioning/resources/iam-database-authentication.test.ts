import { describe, expect, test } from '@jest/globals'
import { iamDatabaseAuthentication } from '../../../../src/provisioning/resources/iam-database-authentication.ts'
import { accountWith, observedDatabase } from '../../../support/observed-database.ts'

const request = { kind: 'instance', identifier: 'sales', isEnabled: true, applyImmediately: false } as const

describe('IAM authentication of a database', () => {
  /** What is on, what waits for the window, what is wanted, and when; whether RDS is called, and what is said. */
  test.each<[boolean, boolean | null, boolean, 'now' | 'in the window', 'called' | 'left', string | null]>([
    [false, null, true, 'now', 'called', null],
    [false, null, true, 'in the window', 'called', 'will wait'],
    [false, null, false, 'now', 'left', null],
    [false, null, false, 'in the window', 'left', null],
    [true, null, true, 'now', 'left', null],
    [true, null, true, 'in the window', 'left', null],
    [true, null, false, 'now', 'called', null],
    [true, null, false, 'in the window', 'called', 'will wait'],
    [false, true, true, 'now', 'called', null],
    [false, true, true, 'in the window', 'left', 'waits'],
    [false, true, false, 'now', 'called', null],
    [false, true, false, 'in the window', 'called', null],
    [true, false, false, 'now', 'called', null],
    [true, false, false, 'in the window', 'left', 'waits'],
    [true, false, true, 'now', 'called', null],
    [true, false, true, 'in the window', 'called', null],
  ])(
    'that is %s with %s pending and is to be %s %s: RDS is %s, said is %j',
    async (isOn, waiting, wanted, when, what, said) => {
      const pending = waiting === null ? {} : { IAMDatabaseAuthenticationEnabled: waiting }
      const account = accountWith(observedDatabase({ iamAuthentication: isOn, pending }))
      const applyImmediately = when === 'now'
      const resource = iamDatabaseAuthentication({ ...request, isEnabled: wanted, applyImmediately })
      const { change, warnings } = await resource.plan(account)
      const input = {
        DBInstanceIdentifier: 'sales',
        EnableIAMDatabaseAuthentication: wanted,
        ApplyImmediately: applyImmediately,
      }
      expect(change).toMatchObject(
        what === 'called'
          ? {
              action: 'update',
              fields: [{ path: 'iamDatabaseAuthentication', before: !wanted, after: wanted }],
              calls: [{ service: 'rds', operation: 'ModifyDBInstance', input }],
            }
          : { action: 'unchanged', fields: [], calls: [] },
      )
      const words = `"sales": the change ${said} for the next maintenance window; --apply-immediately, or applyImmediately: true in a spec, does it now`
      expect(warnings).toEqual(said === null ? [] : [words])
    },
  )

  const others = { AllocatedStorage: 40, DBInstanceClass: 'db.r6g.large' }
  const sideEffects =
    '"sales": applying immediately also applies what else is pending: AllocatedStorage=40, DBInstanceClass="db.r6g.large"'

  test.each([
    ['to be switched on', { iamAuthentication: false }, others],
    ['to be switched on earlier', { iamAuthentication: false }, { ...others, IAMDatabaseAuthenticationEnabled: true }],
    ['to stay on', { iamAuthentication: true }, { ...others, IAMDatabaseAuthenticationEnabled: false }],
  ])('%s at once names what else is applied with it', async (_, observed, pending) => {
    const resource = iamDatabaseAuthentication({ ...request, applyImmediately: true })
    const { warnings } = await resource.plan(accountWith(observedDatabase({ ...observed, pending })))
    expect(warnings).toEqual([sideEffects])
  })

  test.each([
    ['nothing is called', { iamAuthentication: true }, true],
    ['it waits for the window', { iamAuthentication: false }, false],
  ])('says nothing of what else is pending where %s', async (_, observed, applyImmediately) => {
    const resource = iamDatabaseAuthentication({ ...request, applyImmediately })
    const { warnings } = await resource.plan(accountWith(observedDatabase({ ...observed, pending: others })))
    expect(warnings.join()).not.toContain('what else is pending')
  })

  test('of a cluster is the business of ModifyDBCluster', async () => {
    const database = observedDatabase({ kind: 'cluster', engine: 'aurora-mysql', instanceClass: null })
    const { change } = await iamDatabaseAuthentication({ ...request, kind: 'cluster' }).plan(accountWith(database))
    expect(change.calls).toEqual([
      {
        service: 'rds',
        operation: 'ModifyDBCluster',
        input: { DBClusterIdentifier: 'sales', EnableIAMDatabaseAuthentication: true, ApplyImmediately: false },
      },
    ])
  })
})

describe('a database without IAM authentication', () => {
  test.each(['oracle-ee', 'oracle-se2-cdb', 'sqlserver-web', 'db2-ae', 'custom-oracle-ee', 'custom-sqlserver-se'])(
    'of the engine %s is refused by that name',
    async (engine) => {
      await expect(
        iamDatabaseAuthentication(request).plan(accountWith(observedDatabase({ engine }))),
      ).rejects.toMatchObject({
        code: 'REFUSED_ENGINE',
        message: `the database instance "sales" has the engine ${engine}, which has no IAM authentication`,
        details: { engine },
      })
    },
  )

  test('may be asked to stay so', async () => {
    const account = accountWith(observedDatabase({ engine: 'oracle-ee' }))
    const { change } = await iamDatabaseAuthentication({ ...request, isEnabled: false }).plan(account)
    expect(change.action).toBe('unchanged')
  })

  test('of a version that RDS says lacks it is refused', async () => {
    const database = observedDatabase({ engine: 'mariadb', engineVersion: '10.6.20' })
    const account = { ...accountWith(database), supportsIamAuthentication: async () => false }
    await expect(iamDatabaseAuthentication(request).plan(account)).rejects.toMatchObject({
      code: 'REFUSED_ENGINE',
      message:
        'the database instance "sales" runs mariadb 10.6.20 on db.t3.micro, which has no IAM authentication in region us-east-1',
    })
  })

  test('is left to RDS to refuse where RDS does not say', async () => {
    const account = { ...accountWith(observedDatabase()), supportsIamAuthentication: async () => null }
    expect((await iamDatabaseAuthentication(request).plan(account)).change.action).toBe('update')
  })
})

describe('an instance of a cluster', () => {
  test.each([
    [true, false, 'warehouse'],
    [true, true, 'warehouse --apply-immediately'],
    [false, true, 'warehouse --disable --apply-immediately'],
  ])(
    'is refused with the command for the cluster (enable %s, at once %s)',
    async (isEnabled, applyImmediately, rest) => {
      const account = accountWith(observedDatabase({ engine: 'aurora-postgresql', cluster: 'warehouse' }))
      const resource = iamDatabaseAuthentication({ ...request, isEnabled, applyImmediately })
      await expect(resource.plan(account)).rejects.toMatchObject({
        code: 'REFUSED_ENGINE',
        message: expect.stringContaining('is in the cluster "warehouse", which decides for all its instances'),
        suggestions: [`admin provision enable-iam-database-authentication ${rest}`],
      })
    },
  )
})
