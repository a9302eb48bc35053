import { expect, test } from '@jest/globals'
import { trustWidening } from '../../../src/provisioning/trust-widening.ts'

const trust = (...actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Federated: 'arn:p' }, Action: actions }],
})

test('an old statement of other actions is no peer: the new action counts as wider', () => {
  const after = trust('sts:AssumeRoleWithWebIdentity')
  expect(trustWidening(trust('sts:TagSession'), after)).toEqual(['arn:p may now do sts:AssumeRoleWithWebIdentity'])
  expect(trustWidening(trust('STS:assumerolewithwebidentity'), after)).toEqual([])
})
