import { type MotoServer, post, startMoto } from './moto-server.ts'

/** The port at which a run of jest lends what `moto-lender.ts` keeps. */
export const LENDER = 'ADMIN_TEST_MOTO_LENDER'

let isLent = false

/**
 * The moto of this worker of jest, emptied: to start one for each file of tests, and to load what it knows of EC2, takes
 * longer than most of them. One of its own where that is lent already, and outside of jest.
 */
export async function borrowMoto(): Promise<MotoServer> {
  const lender = process.env[LENDER]
  if (lender === undefined || isLent) return startMoto({})
  isLent = true
  const { status, body } = await post(Number(lender), `/${process.env.JEST_WORKER_ID}`, {}, '')
  if (status !== 200) throw new Error(body)
  const port = Number(body)
  const moto: MotoServer = {
    port,
    post: (...message) => post(port, ...message),
    stop: async () => {
      isLent = false
    },
  }
  await moto.post('/moto-api/reset', {}, '')
  await moto.post('/moto-api/reset-auth', {}, 'inf')
  return moto
}
