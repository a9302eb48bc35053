import { accountOf } from '../../holdings.ts'
import { type Part, part } from '../markup.ts'

/** What the page shows of a role ARN, split where it can be; a row that somebody edited may hold anything. */
export interface ShownRole {
  readonly account: string
  /** With its path; all of the text where it is no role ARN. */
  readonly name: string
}

export function shownRole(arn: string): ShownRole {
  const [, name] = /^arn:aws[a-z-]*:iam::\d{12}:role\/(.+)$/s.exec(arn) ?? []
  return { account: accountOf(arn) || 'no account', name: name ?? arn }
}

/** The path steps back behind the name. */
export function roleName(name: string): Part {
  const end = name.lastIndexOf('/') + 1
  const path = end === 0 ? [] : [part('span', { class: 'quiet' }, name.slice(0, end))]
  return part('bdi', {}, ...path, name.slice(end))
}
