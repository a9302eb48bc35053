/**
 * Writes the token file of one session over and over, for tests that look on or end it: DIRECTORY UID TIMES. Without TIMES
 * until it is ended. Says which when it is there.
 */
import type { SessionFiles } from '../../src/sessions/session-files.ts'
import { sessionFiles } from '../../src/sessions/session-files.ts'
import { withProcessLock } from '../../src/store/sqlite/process-lock.ts'
import { longToken, watchedSession } from './watched-session.ts'

const [directory = '', uid = '', times = 'Infinity'] = process.argv.slice(2)
const files: SessionFiles = sessionFiles(directory, withProcessLock)
const session = watchedSession(Number(uid))

for (let round = 0; round < Number(times); round += 1) {
  await files.exclusively(async () => files.put(session, longToken(round)))
  if (round === 0) process.stdout.write(`${files.tokenFile(session)}\n`)
  if (round % 7 === 6) await files.exclusively(async () => files.end(session))
}
