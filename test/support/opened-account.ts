import { afterEach, beforeEach } from '@jest/globals'
import type { SdkAccount } from '../../src/aws/account.ts'
import type { FailedAttempt } from '../../src/aws/attempts.ts'
import { emulatedAws } from './emulated-aws.ts'
import { openIn } from './open-account.ts'

/** An account of an empty AWS, opened anew for each test, with the log of what AWS saw empty. */
export function openedAccount(more: Readonly<Record<string, string>> = {}) {
  const emulated = emulatedAws()
  let account: SdkAccount
  let close: () => void
  let failed: FailedAttempt[] = []
  beforeEach(async () => {
    failed = []
    ;({ account, close } = await openIn({ ...emulated.env, ...more }, {}, (attempt) => failed.push(attempt)))
    emulated.aws.forget()
  })
  afterEach(() => close())
  return {
    get aws() {
      return emulated.aws
    },
    get env() {
      return emulated.env
    },
    get reader() {
      return emulated.reader
    },
    get account() {
      return account
    },
    /** What went wrong and was tried again. */
    get failed(): readonly FailedAttempt[] {
      return failed
    },
  }
}
