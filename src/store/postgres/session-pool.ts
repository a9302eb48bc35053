import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Submittable } from 'pg'
import { isConnectionLost } from '../../connection/postgres-failures.ts'
import type { PostgresLocation } from '../../connection/postgres-location.ts'
import { openSession, type Session } from './session.ts'

/** Connections of one store at a time: one for a transaction or a stream, others for what is read meanwhile. */
const MOST = 4

/** Milliseconds that an ordinary answer may take: longer than to wait for a lock and to carry a statement out. */
const ANSWER_TIMEOUT = 120_000

/** The connections of one store: made when they are needed, kept for the next who needs one. */
export interface SessionPool extends PostgresPool {
  /** The one whose server process it is. */
  readonly sessionOf: (pid: number) => Session | undefined
}

/** @param first the first connection, which is there already */
export function sessionPool(location: PostgresLocation, first: Session): SessionPool {
  const all = new Set([first])
  const idle = [first]
  const waiting: (() => void)[] = []
  let taken = 0
  const take = async (): Promise<Session> => {
    if (taken === MOST) await new Promise<void>((resolve) => waiting.push(resolve))
    else taken += 1
    try {
      const session = takeIdle() ?? (await openSession(location))
      all.add(session)
      return session
    } catch (error) {
      letNextIn()
      throw error
    }
  }
  const takeIdle = (): Session | undefined => {
    for (let session = idle.pop(); session !== undefined; session = idle.pop()) {
      if (isReusable(session)) return session
      discard(session)
    }
    return undefined
  }
  const giveBack = (session: Session, isSpoilt: boolean) => {
    if (!isSpoilt && isReusable(session)) idle.push(session)
    else discard(session)
    letNextIn()
  }
  const letNextIn = () => {
    const next = waiting.shift()
    if (next === undefined) taken -= 1
    else next()
  }
  const discard = (session: Session) => {
    all.delete(session)
    session.end().catch(() => {})
  }
  return {
    options: {},
    connect: async () => toPoolClient(await take(), giveBack),
    sessionOf: (pid) => [...all].find((session) => session.pid === pid),
    end: async () => {
      await Promise.all([...all].map((session) => session.end().catch(() => {})))
      all.clear()
    },
  }
}

/** Nobody gets a connection on which a transaction was left open. */
function isReusable(session: Session): boolean {
  return session.isAlive() && session.client.getTransactionStatus() === 'I'
}

function toPoolClient(session: Session, giveBack: (session: Session, isSpoilt: boolean) => void): PostgresPoolClient {
  return {
    query: ((...words: Question) => watched(session, ask(session, words))) as PostgresPoolClient['query'],
    processID: session.pid,
    release: (isSpoilt = false) => giveBack(session, isSpoilt),
  }
}

type Question = [text: string, values: readonly unknown[]] | [cursor: Submittable]

/**
 * A cursor may take its time, so from then on the connection has no limit for a statement: the server would count from the
 * first row to the last, also while a person reads. The driver's own clock would never be stopped for it.
 */
function ask({ client }: Session, [question, values = []]: Question): unknown {
  if (typeof question !== 'string') {
    client.query('SET statement_timeout = 0').catch(() => {})
    return client.query(question)
  }
  const query = { text: question, values: [...values], query_timeout: ANSWER_TIMEOUT }
  return client.query(query)
}

/** The last words of a server that shuts down come as the failure of a statement: the driver takes them for no more. */
function watched<T>(session: Session, answer: T): T {
  if (answer instanceof Promise) {
    answer.catch((error) => {
      if (isConnectionLost(error)) session.giveUp()
    })
  }
  return answer
}
