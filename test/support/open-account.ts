import type { FailedAttempt } from '../../src/aws/attempts.ts'
import type { AccountAccess } from '../../src/aws/credentials.ts'
import { type OpenAccount, openAccount } from '../../src/aws/open-account.ts'

const ambient: AccountAccess = { profile: null, assumeRole: null, externalId: null, region: null, actor: 'bob' }

/** Opens an account in this process, with no more of AWS in its environment than is given: the SDK reads it, too. */
export async function openIn(
  environment: Readonly<Record<string, string | undefined>>,
  access: Partial<AccountAccess> = {},
  onAttemptFailed: (failed: FailedAttempt) => void = () => {},
): Promise<OpenAccount> {
  for (const name of Object.keys(process.env)) if (/^AWS_|_PROXY$/i.test(name)) delete process.env[name]
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) process.env[name] = value
  const search = { environment: process.env, home: '/nonexistent', argv: ['provision', 'apply'] }
  return openAccount(search, { ...ambient, ...access }, onAttemptFailed)
}
