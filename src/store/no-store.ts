import { AdminError } from '../errors.ts'

export function noStore(location: string): AdminError {
  const advice = 'the first set-aws-role-arns or store migrate makes one'
  return new AdminError(
    'NOT_FOUND_STORE',
    `there is no store at ${location}: is that the right --database?\n${advice}`,
    {
      details: { location },
    },
  )
}
