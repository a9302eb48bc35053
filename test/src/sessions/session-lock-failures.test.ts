import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { sessionFiles } from '../../../src/sessions/session-files.ts'
import { temporaryDirectory } from '../../support/admin.ts'

const directory = temporaryDirectory()

test.each([
  ['EACCES', 'DENIED_FILE'],
  ['EROFS', 'UNAVAILABLE_FILE'],
  ['SQLITE_CANTOPEN', 'UNAVAILABLE_FILE'],
  ['EIO', 'UNAVAILABLE_FILE'],
])('where the lock of the sessions fails with %s, that is %s', async (code, expected) => {
  const files = sessionFiles(mkdtempSync(join(directory, 'sessions-')), async () => {
    throw Object.assign(new Error(code), { code })
  })
  await expect(files.exclusively(async () => {})).rejects.toMatchObject({ code: expected })
})
