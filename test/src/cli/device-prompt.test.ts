import { expect, test } from '@jest/globals'
import { describePrompt } from '../../../src/cli/describe-refresh.ts'

test('where to log in is shown without what the provider could write on the terminal', () => {
  const text = describePrompt({
    verificationUri: 'https://sso.example.com/\u001b[2J',
    verificationUriComplete: 'https://sso.example.com/\r\nelse',
    userCode: 'AB\nCD\u0007',
    expiresIn: 600,
  })
  expect(text.split('\n')).toHaveLength(6)
  expect([...text].filter((letter) => letter < ' ' && letter !== '\n')).toEqual([])
})
