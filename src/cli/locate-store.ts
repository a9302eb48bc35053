import { systemClock } from '../clock.ts'
import type { DatabaseEndpoint } from '../connection/endpoint.ts'
import { parseStoreLocation, type StoreLocation } from '../store/location.ts'

/** Reads where the store is, and warns of a password that everybody on this machine can see. */
export async function locateStore(named: string, warn: (text: string) => void): Promise<StoreLocation> {
  const location = await parseStoreLocation(named, process.env, iamPassword)
  if (location.engine === 'postgres' && location.isPasswordInUrl && process.argv.some((word) => word.includes(named))) {
    warn(
      'the password of the database stands in the command line, which everybody on this machine can see\nkeep it in ~/.pgpass instead',
    )
  }
  return location
}

/** Signed on the same road as that of `rds token`. */
export async function iamPassword({ host, port, user }: DatabaseEndpoint): Promise<string> {
  const { storeToken } = await import('./rds-login.ts')
  return storeToken({ hostname: host, port, username: user }, systemClock)
}
