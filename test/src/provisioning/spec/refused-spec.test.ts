import { chmodSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AdminError } from '../../../../src/errors.ts'
import { readSpec } from '../../../../src/provisioning/spec/read-spec.ts'
import { admin, temporaryDirectory } from '../../../support/admin.ts'
import { stranger } from '../../../support/people.ts'
import { customPolicy, exampleSpec, specFile } from '../../../support/spec-file.ts'

const base = temporaryDirectory()
const read = (text: string) => readSpec(specFile(base, text))

const least = 'version: 1\nname: workbench\n'

describe('a file that is no spec', () => {
  const refusal = (code: string, message: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(message) })

  test('because it is not there', async () => {
    const file = join(base, 'none.yaml')
    await expect(readSpec(file)).rejects.toEqual(refusal('NOT_FOUND_FILE', `there is no spec ${file}`))
  })

  test('because it is a directory', async () => {
    await expect(readSpec(base)).rejects.toEqual(refusal('NOT_FOUND_FILE', 'that is a directory'))
  })

  test('because the reader may not', async () => {
    const file = specFile(base, least)
    chmodSync(base, 0o755)
    chmodSync(file, 0)
    const run = await admin(['provision', 'permissions', file], stranger())
    const stderr = expect.stringContaining(`Error: you may not read the spec ${file}\n`)
    expect(run).toMatchObject({ exitCode: 6, stderr })
  })

  test('because it never ends', async () => {
    await expect(readSpec('/dev/zero')).rejects.toEqual(refusal('INVALID_SPEC', 'more than 1000000 bytes'))
  })

  test.each([
    ['empty', '', ':1: the file must be a mapping, not empty'],
    ['a list', '- a\n', ':1: the file must be a mapping, not a list'],
    ['a secret', 'CANARY\n', ':1: the file must be a mapping, not a text'],
    ['a key twice', `${least}name: x\n`, ':3: the key is there twice'],
    ['an alias', `${least}roles: *x\n`, ':3: aliases (*…) are not taken'],
    ['a second document', `${least}---\n${least}`, ':3: a second document begins'],
    ['a broken line', `${least}roles: {\n`, ':4: '],
    [
      'another version',
      'version: 2\nfuture: true\n',
      ':1: version must be 1, the only version that there is, not the number 2',
    ],
  ])('because it is %s is refused with its line', async (_, text, says) => {
    const file = specFile(base, text)
    const error = await readSpec(file).catch((failure) => failure)
    expect(error).toEqual(refusal('INVALID_SPEC', `${file}${says}`))
    expect(error.details.problems).toHaveLength(1)
    expect(error.message).not.toContain('CANARY')
  })
})

test.each([
  'demo-cluster-db',
  'demo-cluster-db.cluster-abc123.us-east-2.rds.amazonaws.com',
  'arn:aws:rds:us-east-2:210987654321:cluster:other',
])('a role cannot use the database %s of an account in which it is not made', async (database) => {
  const text = exampleSpec
    .replace('database: demo-cluster-db', `database: "${database}"`)
    .replace('demo-cluster-db: { account: "123456789012"', 'demo-cluster-db: { account: "210987654321"')
  await expect(read(text)).rejects.toThrow(`"${database}" is in account 210987654321, and the role is not made there`)
  const everywhere = text.replace('    accounts: ["123456789012"]      # default: all\n', '')
  expect((await read(everywhere)).roles).toHaveLength(1)
})

describe('a spec with many mistakes', () => {
  test('names them all, by line', async () => {
    const text = exampleSpec
      .replace('workbench-prod', '"work bench"')
      .replace('us-east-2 }', 'us-east }')
      .replace('4h', '13h')
      .replace('[AmazonAthenaFullAccess]', '[a b]')
      .replace('cluster: demo-cluster,', 'cluster: Demo,')
      .replace('kind: cluster', 'kind: proxy')
      .replace('i-0123456789abcdef0', 'i-1')
    const file = specFile(base, text)
    const error = await readSpec(file).catch((failure) => failure)
    expect(error.code).toBe('INVALID_SPEC')
    expect(error.message.split('\n')).toEqual([
      `${file}:2: name: "work bench" is not the name of a spec: expected letters, digits and _.-`,
      `${file}:7: accounts.123456789012.region: "us-east" is not an AWS region: expected a name as us-east-2`,
      `${file}:14: roles.data-scientist.maxSessionDuration: "13h" is not a session duration that IAM allows: expected 1h to 12h`,
      `${file}:16: roles.data-scientist.managedPolicies.0: "a b" is neither an ARN nor a policy of AWS: expected letters, digits and _+=,.@-`,
      `${file}:18: roles.data-scientist.policies.warehouse.redshift.cluster: "Demo" is not the identifier of a Redshift cluster: Redshift knows clusters in lower case only`,
      `${file}:24: databases.demo-cluster-db.kind must be cluster or instance, not the text "proxy"`,
      `${file}:26: instanceProfiles.connect-server.instances.0: "i-1" is not the id of an EC2 instance: expected i- and 17 hexadecimal digits`,
    ])
    expect(error.details.problems).toEqual(error.message.split('\n'))
  })

  test('shows the first fifty of very many', async () => {
    const unknown = Array.from({ length: 65 }, (_, index) => `x${index}: 1\n`).join('')
    const error = await read(least + unknown).catch((failure) => failure)
    const lines = error.message.split('\n')
    expect(lines).toHaveLength(51)
    expect(lines[0]).toMatch(/:3: x0 is not a known key$/)
    expect(lines[50]).toBe('and 15 more problems')
  })

  test('shows sixty-four without leaving any out', async () => {
    const unknown = Array.from({ length: 64 }, (_, index) => `x${index}: 1\n`).join('')
    const error = await read(least + unknown).catch((failure) => failure)
    expect(error.message.split('\n')).toHaveLength(64)
  })
})

describe('a policy document', () => {
  test('may begin with a byte order mark', async () => {
    const { roles } = await readSpec(specFile(base, exampleSpec, `\ufeff${JSON.stringify(customPolicy)}`))
    expect(roles[0]?.policies.at(-1)?.grant).toEqual({ kind: 'document', document: customPolicy })
  })

  const readWith = (document: string) => readSpec(specFile(base, exampleSpec, document)).catch((error) => error)
  const key = ':22: roles.data-scientist.policies.custom.document'

  test.each([
    ['that is not JSON', '{\n  "Version": "2012-10-17",\n  "Statement": [,]\n}', 'custom-policy.json:3 is not JSON'],
    ['with a word too many', '{}\n\nCANARY', 'custom-policy.json:3 is not JSON'],
    ['with a missing comma', '{\n"a": 1\n"b": 2\n}', 'custom-policy.json:3 is not JSON'],
    ['that ends too early', '{\n  "Version":\n', 'custom-policy.json:2 is not JSON'],
    ['that is empty', '', 'custom-policy.json:1 is not JSON'],
    ['that is a list', '[]', 'custom-policy.json: the policy is a list, expected an object'],
    ['of no policy', '{}', 'custom-policy.json: the policy has no Version, expected "2012-10-17"'],
    [
      'that is endless',
      `"${'x'.repeat(131_072)}"`,
      'custom-policy.json has more than the 131072 bytes that IAM allows',
    ],
  ])('%s is refused with both files', async (_, document, says) => {
    const error = await readWith(document)
    expect(error).toMatchObject({ code: 'INVALID_SPEC' })
    expect(error.message).toContain(key)
    expect(error.message).toContain(says)
  })

  test('that is missing or a directory is a problem of the spec', async () => {
    for (const name of ['none.json', '.']) {
      const file = specFile(base, exampleSpec.replace('./custom-policy.json', name))
      const error = await readSpec(file).catch((failure) => failure)
      expect(error.message).toContain(`${file}${key}: there is no policy document ${join(dirname(file), name)}`)
    }
  })
})

test('no text makes the reader fail in any other way than with a refusal', async () => {
  const file = specFile(base, '')
  const piece = fc.constantFrom(
    ...exampleSpec.split(/(\s+|[{}[\],:])/),
    ...[
      'null',
      '~',
      '-',
      '? ',
      '&a',
      '*a',
      '!!binary',
      '!!set',
      '|',
      '>',
      '0o17',
      '.nan',
      '__proto__',
      '<<',
      '"',
      "'",
      '\t',
      '%',
      '---\n',
      '12',
    ],
  )
  const edit = fc.record({ at: fc.nat(exampleSpec.length), length: fc.nat(30), piece: fc.oneof(piece, fc.string()) })
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
      const text = edits.reduce(
        (seen, { at, length, piece: by }) => seen.slice(0, at) + by + seen.slice(at + length),
        exampleSpec,
      )
      writeFileSync(file, text)
      const failure = await readSpec(file).then(
        () => null,
        (error) => error,
      )
      if (failure !== null) expect(failure).toBeInstanceOf(AdminError)
      if (failure !== null) expect(failure.code).toBe('INVALID_SPEC')
    }),
    { numRuns: 500 },
  )
})
