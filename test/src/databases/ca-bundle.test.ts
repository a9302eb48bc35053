import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from '@jest/globals'
import { findCaBundle, requireCaBundle } from '../../../src/databases/ca-bundle.ts'
import { temporaryDirectory } from '../../support/admin.ts'

const directory = temporaryDirectory()
const pem = '# Amazon RDS\n-----BEGIN CERTIFICATE-----\n'

function place(name: string, files: readonly string[]): string {
  const path = join(directory, name)
  mkdirSync(path)
  for (const file of files) writeFileSync(join(path, file), pem)
  return path
}

const full = place('full', ['global-bundle.pem', 'us-east-2-bundle.pem'])
const regional = place('regional', ['us-east-2-bundle.pem'])
const empty = place('empty', [])

test.each([
  [[empty, full], 'us-east-2', join(full, 'global-bundle.pem')],
  [[regional, full], 'us-east-2', join(regional, 'us-east-2-bundle.pem')],
  [[regional, full], 'eu-west-1', join(full, 'global-bundle.pem')],
  [[empty, regional], 'eu-west-1', null],
])('of %j for %s it is %s', (places, region, file) => {
  expect(findCaBundle({ named: null, region, places })).toBe(file)
})

test('one that is named is taken, and none other in its place', () => {
  const named = join(empty, 'own.pem')
  const search = { named, region: 'us-east-2', places: [full] }
  expect(() => findCaBundle(search)).toThrow('there is no bundle of certificates')
  writeFileSync(named, pem)
  expect(findCaBundle(search)).toBe(named)
})

test('one that is named from the current directory is found from any other', () => {
  const named = join(full, 'global-bundle.pem')
  expect(findCaBundle({ named: relative(process.cwd(), named), region: 'us-east-2' })).toBe(named)
})

test('where the address of the bundle is not known, none is made up', () => {
  const search = { named: null, region: 'us-iso-east-1', places: [empty] }
  expect(() => requireCaBundle(search)).toThrow('the RDS user guide of that partition says')
  expect(() => requireCaBundle(search)).not.toThrow('https://')
})
