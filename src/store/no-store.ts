import { AdminError } from '../errors.ts'

export function noStore(location: string): AdminError {
  return new AdminError('NOT_FOUND_STORE', `there is no store at ${location}`, {
    suggestions: ['admin store migrate'],
    details: { location },
  })
}
