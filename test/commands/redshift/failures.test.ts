import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { seedWarehouse } from '../../support/aws-seeds.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const directory = temporaryDirectory()
const demo = ['--cluster', 'demo-cluster', '--db-name', 'dev']
const analyst = [...demo, '--db-user', 'analyst']
const workgroup = ['--workgroup', 'demo-workgroup', '--db-name', 'dev']
const WORKGROUP_ID = 'b6b1a6d8-0000-4000-8000-000000000000'
let env: Record<string, string>

beforeEach(async () => {
  await seedWarehouse(here.reader, 'demo-cluster')
  here.aws.addWorkgroup('demo-workgroup', WORKGROUP_ID)
  here.aws.forget()
  env = { ...here.env, ADMIN_CACHE_DIRECTORY: join(mkdtempSync(join(directory, 'cache-')), 'admin') }
})

async function failure(argv: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { json, exitCode } = await adminJson(['redshift', 'credentials', ...argv], { env: { ...env, ...more } })
  return { exitCode, ...json.error }
}

describe('what is not there', () => {
  test('is told with the region and the account that were searched, and with what has a name like it', async () => {
    await seedWarehouse(here.reader, 'other-warehouse')
    const { exitCode, code, message, details } = await failure(['--cluster', 'demo-clutser', '--db-name', 'dev'])
    expect({ exitCode, code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_CLUSTER' })
    expect(message).toBe(
      'there is no Redshift cluster "demo-clutser" in account 123456789012, region us-east-1\ndid you mean "demo-cluster"?',
    )
    expect(details).toEqual({
      cluster: 'demo-clutser',
      region: 'us-east-1',
      accountId: '123456789012',
      near: ['demo-cluster'],
    })
  })

  test('is told with what there is where nothing has such a name', async () => {
    const { message } = await failure(['--cluster', 'sales', '--db-name', 'dev'])
    expect(message).toContain('there is "demo-cluster"; look for it in another region with --region')
  })

  test('is told of a cluster whose host was given, too', async () => {
    const argv = ['--cluster', 'demo', '--db-name', 'dev', '--db-user', 'analyst', '--host', 'localhost']
    const { exitCode, message } = await failure(argv)
    expect({ exitCode, message }).toEqual({
      exitCode: 4,
      message: expect.stringContaining('did you mean "demo-cluster"?'),
    })
  })

  test('is told of a region without any', async () => {
    const { message } = await failure([...analyst, '--region', 'eu-west-1'])
    expect(message).toContain('region eu-west-1\nthere is no cluster at all')
  })

  test('is told of a workgroup', async () => {
    const { exitCode, code, message } = await failure(['--workgroup', 'demo-workgruop', '--db-name', 'dev'])
    expect({ exitCode, code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_WORKGROUP' })
    expect(message).toContain('did you mean "demo-workgroup"?')
  })

  test('is told though nobody may list what there is', async () => {
    here.aws.inject(
      { action: 'DescribeClusters', kind: 'deny', from: 2 },
      { action: 'GetCallerIdentity', kind: 'deny' },
    )
    const { exitCode, message } = await failure(['--cluster', 'sales', '--db-name', 'dev'])
    expect({ exitCode, message }).toEqual({
      exitCode: 4,
      message: expect.stringContaining('in region us-east-1\nwhat there is may not be listed with these credentials'),
    })
  })
})

describe('what AWS denies', () => {
  const arn = 'arn:aws:redshift:us-east-1:123456789012'

  test('is told with all the permissions that the flags need, and the one that AWS misses', async () => {
    const resource = `${arn}:dbname:demo-cluster/dev`
    const words = `User: arn:aws:sts::123456789012:assumed-role/analyst/alice is not authorized to perform: redshift:GetClusterCredentials on resource: ${resource} because no identity-based policy allows the redshift:GetClusterCredentials action`
    here.aws.inject({ action: 'GetClusterCredentials', kind: { status: 403, code: 'AccessDenied', message: words } })
    const { exitCode, code, message, details } = await failure([...analyst, '--auto-create', '--group', 'readers'])
    expect({ exitCode, code }).toEqual({ exitCode: 6, code: 'DENIED_AWS' })
    expect(message.split('\n')).toEqual([
      'AWS denied redshift:GetClusterCredentials on the Redshift cluster "demo-cluster" to arn:aws:sts::123456789012:user/moto',
      `AWS misses redshift:GetClusterCredentials on ${resource}`,
      'all of this must be allowed to whoever asks, by their own policies:',
      `  redshift:GetClusterCredentials on ${arn}:dbuser:demo-cluster/analyst`,
      `  redshift:GetClusterCredentials on ${resource}`,
      `  redshift:CreateClusterUser on ${arn}:dbuser:demo-cluster/analyst`,
      `  redshift:JoinGroup on ${arn}:dbgroup:demo-cluster/readers`,
      `  redshift:DescribeClusters on ${arn}:cluster:demo-cluster`,
    ])
    expect(details.missing).toEqual({ action: 'redshift:GetClusterCredentials', resource })
  })

  test('to a login by identity is told with the database', async () => {
    here.aws.inject({ action: 'GetClusterCredentialsWithIAM', kind: 'deny' })
    const { exitCode, details } = await failure(demo)
    expect(exitCode).toBe(6)
    expect(details.needed).toEqual([
      { action: 'redshift:GetClusterCredentialsWithIAM', resource: `${arn}:dbname:demo-cluster/dev` },
      { action: 'redshift:DescribeClusters', resource: `${arn}:cluster:demo-cluster` },
    ])
  })

  test('of a workgroup is told with its id, which policies name it by', async () => {
    here.aws.inject({ action: 'redshift-serverless:GetCredentials', kind: 'deny' })
    const { exitCode, details } = await failure(workgroup)
    expect(exitCode).toBe(6)
    expect(details.needed[0]).toEqual({
      action: 'redshift-serverless:GetCredentials',
      resource: `arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/${WORKGROUP_ID}`,
    })
  })

  test('of the look at the cluster can be done without', async () => {
    here.aws.inject({ action: 'DescribeClusters', kind: 'deny', times: 10 })
    const { exitCode, message } = await failure(analyst)
    expect({ exitCode, message }).toEqual({ exitCode: 6, message: expect.stringContaining('give --host') })
    const { exitCode: without } = await admin(['redshift', 'credentials', ...analyst, '--host', 'localhost'], { env })
    expect(without).toBe(0)
  })

  test('for expired credentials is told as that', async () => {
    const expired = {
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    }
    here.aws.inject({ action: 'DescribeClusters', kind: expired })
    expect(await failure(analyst)).toMatchObject({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
  })
})

describe('what passes', () => {
  test('is overcome: AWS throttles twice, and the third time it answers', async () => {
    here.aws.inject({ action: 'GetClusterCredentials', kind: 'throttle', times: 2 })
    const { exitCode, stderr, stdout } = await admin(['redshift', 'credentials', ...analyst], { env })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('export PGPASSWORD=') })
    expect(stderr).toContain('redshift:GetClusterCredentials failed and is tried again: Throttling')
    expect(here.aws.actions.filter((action) => action === 'GetClusterCredentials')).toHaveLength(3)
  })

  test('ends with its own exit code where AWS throttles for good', async () => {
    here.aws.inject({ action: 'GetClusterCredentials', kind: 'throttle', times: 100 })
    const { exitCode, code, message } = await failure(analyst)
    expect({ exitCode, code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
    expect(message).toContain('AWS throttled redshift:GetClusterCredentials, after 3 attempts')
  })

  test('is told of a cluster that nobody can log in to', async () => {
    here.aws.setWarehouseStatus('demo-cluster', 'paused')
    const { exitCode, code, message, suggestions } = await failure(analyst)
    expect({ exitCode, code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_CLUSTER' })
    expect(message).toContain('the cluster "demo-cluster" is paused')
    expect(suggestions).toEqual(['aws redshift resume-cluster --cluster-identifier demo-cluster'])
  })

  test('is told of a cluster whose state AWS finds wrong', async () => {
    const kind = { status: 400, code: 'InvalidClusterState', message: 'The cluster is being resized' }
    here.aws.inject({ action: 'GetClusterCredentials', kind })
    const { exitCode, code, message } = await failure(analyst)
    expect({ exitCode, code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_CLUSTER' })
    expect(message).toBe('cluster demo-cluster, database dev: nobody can log in now\nThe cluster is being resized')
  })

  test.each([
    [302, '<html><body>Moved</body></html>'],
    [403, '<!DOCTYPE html><head><meta charset="utf-8"></head>'],
    [403, ''],
    [200, '<html><body>Sign in to the network</body></html>'],
    [200, '<!DOCTYPE html><br>'],
  ])('is told where a proxy answers in place of AWS, with %i %s', async (status, page) => {
    const proxy = createServer((_, response) =>
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', location: '/login' }).end(page),
    )
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    for (const argv of [analyst, workgroup]) {
      const { exitCode, code, message } = await failure(argv, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` })
      expect({ exitCode, code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
      expect(message).toMatch(
        /^what answered is not AWS \((HTTP \d+, text\/html|it lists no clusters)\): is a proxy between\?/,
      )
      expect(message).not.toMatch(/hidden field|Sign in/)
    }
    await new Promise((resolve) => proxy.close(resolve))
  })

  test('is told where AWS cannot be reached', async () => {
    const { exitCode, code } = await failure(analyst, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' })
    expect({ exitCode, code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
  })
})

describe('what cannot be', () => {
  test('is said in the words of AWS', async () => {
    const kind = { status: 400, code: 'UnsupportedOperation', message: 'This cluster has no IAM authentication' }
    here.aws.inject({ action: 'GetClusterCredentials', kind })
    expect(await failure(analyst)).toMatchObject({
      exitCode: 3,
      code: 'REFUSED_BY_AWS',
      message: expect.stringContaining('This cluster has no IAM authentication'),
    })
  })

  test('is a login without a region', async () => {
    const { exitCode, code, message } = await failure(analyst, { AWS_REGION: '' })
    expect({ exitCode, code }).toEqual({ exitCode: 2, code: 'INVALID_REGION' })
    expect(message.split('\n')[1]).toBe('give --region, or set AWS_REGION or "region" of the profile')
  })

  test('is a login in a region that is none, wherever that stands', async () => {
    const config = join(mkdtempSync(join(directory, 'home-')), 'config')
    writeFileSync(config, '[default]\nregion = us-esat-1\n[profile far]\nregion = us-esat-2\n')
    const ambient = Object.entries({ ...env, AWS_CONFIG_FILE: config })
    const elsewhere = Object.fromEntries(ambient.filter(([name]) => name !== 'AWS_REGION'))
    const places: readonly (readonly [string, Record<string, string>, readonly string[]])[] = [
      ['AWS_REGION is "us-esat-1"', { ...env, AWS_REGION: 'us-esat-1' }, []],
      ['AWS_DEFAULT_REGION is "us-esat-1"', { ...env, AWS_REGION: '', AWS_DEFAULT_REGION: 'us-esat-1' }, []],
      ['the region of profile "default" is "us-esat-1"', elsewhere, []],
      ['the region of profile "far" is "us-esat-2"', elsewhere, ['--profile', 'far']],
      ['the region of profile "far" is "us-esat-2"', { ...elsewhere, AWS_PROFILE: 'far' }, []],
    ]
    for (const [words, environment, flags] of places) {
      const argv = ['redshift', 'credentials', ...analyst, ...flags]
      const { json, exitCode } = await adminJson(argv, { env: environment })
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_REGION' })
      expect(json.error.message).toMatch(`${words}, which is not an AWS region: did you mean us-east-`)
    }
    expect(here.aws.requests).toEqual([])
  })

  test('is a login without credentials', async () => {
    const { exitCode, code } = await failure(analyst, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })
    expect({ exitCode, code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
  })
})

test('credentials whose process fails are told without its command line, and without what it wrote', async () => {
  const home = mkdtempSync(join(directory, 'home-'))
  const [script, config] = [join(home, 'helper.sh'), join(home, 'config')]
  writeFileSync(script, '#!/bin/sh\necho "canary of stderr" >&2\nexit 3\n')
  chmodSync(script, 0o755)
  const role = 'role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = b3'
  writeFileSync(config, `[profile b3]\ncredential_process = ${script} --password canary\n[profile led]\n${role}\n`)
  const own = { ...env, AWS_CONFIG_FILE: config, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', DEBUG: 'admin' }
  const host = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
  const token = ['rds', 'token', '--hostname', host, '--port', '5432', '--username', 'analyst']
  for (const argv of [token, ['redshift', 'credentials', ...analyst]])
    for (const profile of ['b3', 'led']) {
      const { json, exitCode, stdout, stderr } = await adminJson([...argv, '--profile', profile], { env: own })
      expect({ exitCode, message: json.error.message }).toEqual({
        exitCode: 6,
        message: expect.stringContaining(`the profile "${profile}" gives no credentials`),
      })
      expect(stdout + stderr).not.toContain('canary')
    }
})

test('a failure says no secret, and leaves nothing behind', async () => {
  here.aws.inject({ action: 'GetClusterCredentials', kind: 'deny' })
  const { stdout, stderr, exitCode } = await admin(['redshift', 'credentials', ...analyst], { env })
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 6 })
  expect(stderr).not.toMatch(/secret|AKIA/i)
})
