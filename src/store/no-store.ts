import { AdminError } from '../errors.ts'

/** @param isOwn whether it was looked for in the place of this user alone, and the system may have one */
export function noStore(location: string, isOwn = false): AdminError {
  const advice = 'the first set-aws-role-arns or store migrate makes one'
  return new AdminError(
    'NOT_FOUND_STORE',
    `there is no store at ${location}: is that the right --database?\n${advice}`,
    {
      details: { location, ...(isOwn && { isOwn }) },
    },
  )
}
