import { describe, expect, test } from '@jest/globals'
import { readSpec } from '../../../../src/provisioning/spec/read-spec.ts'
import { temporaryDirectory } from '../../../support/admin.ts'
import { customPolicy, exampleSpec, specFile } from '../../../support/spec-file.ts'

const base = temporaryDirectory()
const read = (text: string) => readSpec(specFile(base, text))

const least = 'version: 1\nname: workbench\n'
const oneRole = `${least}identityProvider: { issuer: https://sso.example.com, clientIds: [workbench] }\nroles:\n  analyst:\n    trust: { subjects: [alice, bob] }\n`

describe('a spec', () => {
  test('is read with every key in its place', async () => {
    const file = specFile(base, exampleSpec)
    expect(await readSpec(file)).toEqual({
      file,
      name: 'workbench-prod',
      identityProvider: { issuer: 'https://sso.example.com', clientIds: ['workbench'], thumbprints: [] },
      accounts: [
        { id: '123456789012', profile: 'prod', assumeRole: null, externalId: null, region: 'us-east-2' },
        {
          id: '210987654321',
          profile: null,
          assumeRole: 'arn:aws:iam::210987654321:role/provisioner',
          externalId: null,
          region: 'us-east-2',
        },
      ],
      roles: [
        {
          name: 'data-scientist',
          accounts: ['123456789012'],
          path: '/workbench/',
          description: 'Data scientists',
          maxSessionSeconds: 14_400,
          subjects: 'any',
          permissionsBoundary: null,
          tags: { team: 'data' },
          managedPolicies: [{ awsPolicy: 'AmazonAthenaFullAccess' }],
          policies: [
            {
              name: 'warehouse',
              grant: {
                kind: 'redshift',
                cluster: 'demo-cluster',
                users: ['analyst'],
                databases: ['demo_db'],
                groups: [],
                autoCreate: false,
              },
            },
            { name: 'postgres', grant: { kind: 'rdsConnect', database: 'demo-cluster-db', users: ['analyst'] } },
            { name: 'files', grant: { kind: 's3', bucket: 'demo-projects', prefix: 'team-a', access: 'read-write' } },
            {
              name: 'queries',
              grant: {
                kind: 'athena',
                workgroup: 'primary',
                catalog: 'AwsDataCatalog',
                databases: ['sales'],
                results: { bucket: 'demo-results', prefix: 'athena' },
                sources: [],
              },
            },
            { name: 'custom', grant: { kind: 'document', document: customPolicy } },
          ],
        },
      ],
      databases: [
        {
          identifier: 'demo-cluster-db',
          account: '123456789012',
          kind: 'cluster',
          iamAuthentication: true,
          applyImmediately: true,
        },
      ],
      instanceProfiles: [
        {
          name: 'connect-server',
          account: '123456789012',
          path: '/workbench/',
          description: '',
          permissionsBoundary: null,
          tags: { team: 'data' },
          managedPolicies: [],
          policies: [],
          instances: ['i-0123456789abcdef0'],
        },
      ],
    })
  })

  test('may hold nothing yet', async () => {
    expect(await read(least)).toMatchObject({
      name: 'workbench',
      identityProvider: null,
      accounts: null,
      roles: [],
      databases: [],
      instanceProfiles: [],
    })
  })

  test('has defaults for all that a role does not say', async () => {
    expect((await read(oneRole)).roles).toEqual([
      {
        name: 'analyst',
        accounts: null,
        path: '/',
        description: '',
        maxSessionSeconds: 3600,
        subjects: ['alice', 'bob'],
        permissionsBoundary: null,
        tags: {},
        managedPolicies: [],
        policies: [],
      },
    ])
  })

  test('takes what a role says before the defaults', async () => {
    const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess'
    const { roles } = await read(
      `${oneRole}    path: /own/\n    permissionsBoundary: null\n    tags: { Team: other }\n` +
        `  engineer: { trust: { subjects: assigned }, managedPolicies: [service-role/AmazonEC2RoleforSSM] }\n` +
        `defaults: { path: /all/, permissionsBoundary: "${boundary}", tags: { team: data, stage: prod } }\n`,
    )
    expect(roles).toEqual([
      expect.objectContaining({ path: '/own/', permissionsBoundary: null, tags: { stage: 'prod', Team: 'other' } }),
      expect.objectContaining({
        path: '/all/',
        permissionsBoundary: { arn: boundary },
        tags: { team: 'data', stage: 'prod' },
        subjects: 'assigned',
        managedPolicies: [{ awsPolicy: 'service-role/AmazonEC2RoleforSSM' }],
      }),
    ])
  })

  test.each([
    ['s3: { bucket: a.b-c }', { kind: 's3', bucket: 'a.b-c', prefix: null, access: 'read' }],
    ['s3: { bucket: abc, prefix: a/b/ }', { kind: 's3', bucket: 'abc', prefix: 'a/b', access: 'read' }],
    ['redshift: { workgroup: demo-wg }', { kind: 'redshiftServerless', workgroup: 'demo-wg' }],
    [
      'redshift: { cluster: c, users: [u], databases: [d], groups: [readers], autoCreate: true }',
      { kind: 'redshift', cluster: 'c', users: ['u'], databases: ['d'], groups: ['readers'], autoCreate: true },
    ],
    [
      'athena: { workgroup: w, catalog: lake, databases: [d], results: s3://out, sources: [s3://data/x/] }',
      {
        kind: 'athena',
        workgroup: 'w',
        catalog: 'lake',
        databases: ['d'],
        results: { bucket: 'out', prefix: null },
        sources: [{ bucket: 'data', prefix: 'x' }],
      },
    ],
  ])('knows the policy %s', async (policy, grant) => {
    const text = `${oneRole}    policies: { p: { ${policy} } }\n`
    expect((await read(text)).roles[0]?.policies).toEqual([{ name: 'p', grant }])
  })

  test('reads an account id as it is written, in quotes or not', async () => {
    expect((await read(`${least}accounts: { 012345678901: {} }`)).accounts).toEqual([
      { id: '012345678901', profile: null, assumeRole: null, externalId: null, region: null },
    ])
  })

  test('takes a dollar sign and braces for what they are', async () => {
    const description = '${' + 'aws:username} is no template here'
    expect((await read(`${oneRole}    description: "${description}"\n`)).roles[0]).toMatchObject({ description })
  })

  test('with an issuer that AWS knows by itself needs no more than another', async () => {
    const text = oneRole.replace('https://sso.example.com', 'https://accounts.google.com')
    expect((await read(text)).identityProvider?.issuer).toBe('https://accounts.google.com')
  })

  test('may have one name in two accounts', async () => {
    const accounts = 'accounts: { "123456789012": {}, "210987654321": {} }\n'
    const roles = oneRole.replace('trust:', 'accounts: ["123456789012"]\n    trust:')
    const spec = await read(`${roles}${accounts}instanceProfiles: { Analyst: { account: "210987654321" } }\n`)
    expect(spec.instanceProfiles).toHaveLength(1)
  })
})
