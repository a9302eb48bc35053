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

/** The password of whoever logs in with `iam=1`. */
export async function iamPassword(endpoint: DatabaseEndpoint): Promise<string> {
  const { rdsToken } = await import('../aws/rds-token.ts')
  return rdsToken(endpoint, process.env)
}
