import type { PostgresLocation } from '../../connection/postgres-location.ts'
import type { Engine } from '../engine.ts'
import { postgresEngine } from './postgres-engine.ts'
import { translatePostgresError } from './postgres-errors.ts'
import { hasStore, migratePostgres, refuseOtherSchema, refusePendingSteps } from './postgres-migrations.ts'
import { openSession, type Session } from './session.ts'

/** `null` where there is no store yet. */
export async function openPostgresReader(location: PostgresLocation): Promise<Engine | null> {
  return opening(location, async (session) => {
    if (!(await hasStore(session, location.name))) {
      await session.end()
      return null
    }
    await refuseOtherSchema(session, location.name)
    return postgresEngine(location, session)
  })
}

/** Makes the store where there is none, and says whether it did. */
export async function openPostgresWriter(location: PostgresLocation): Promise<{ engine: Engine; isNew: boolean }> {
  return opening(location, async (session) => {
    const isNew =
      !(await hasStore(session, location.name)) && (await migratePostgres(session, location.name)).length > 0
    await refusePendingSteps(session, location.name)
    return { engine: await postgresEngine(location, session), isNew }
  })
}

/** Work on a connection of its own, which the work ends or hands on; where it fails, it is ended. Errors are ours. */
export async function opening<T>(location: PostgresLocation, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    const session = await openSession(location)
    try {
      return await work(session)
    } catch (error) {
      session.end().catch(() => {})
      throw error
    }
  } catch (error) {
    throw translatePostgresError(error, location)
  }
}
