import { expect, test } from '@jest/globals'
import { nearNames } from '../../../src/iam/near-names.ts'

const names = ['demo-cluster', 'demo-cluster-2', 'sales', 'warehouse-prod', 'wh']

test.each([
  ['demo-clutser', ['demo-cluster']],
  ['demo', ['demo-cluster', 'demo-cluster-2']],
  ['sale', ['sales']],
  ['warehouse', ['warehouse-prod']],
  ['finance', []],
  ['x', []],
])('someone who wrote %s may have meant %j', (wanted, expected) => {
  expect(nearNames(wanted, names)).toEqual(expected)
})
