import type { ReportedPerson } from '../report-data.ts'
import { shownRole } from '../view/role-name.ts'
import type { PageState } from './page-state.ts'

/** Who is looked for, and which of their roles are why. */
export interface Query {
  readonly isWanted: (person: ReportedPerson) => boolean
  /** Of somebody who is wanted: whether the role is one of those that were looked for. */
  readonly isMeant: (person: ReportedPerson, role: number) => boolean
}

/** A word of the search box: matches the person, some roles, or both. */
interface Word {
  readonly ofPerson: (person: ReportedPerson) => boolean
  readonly roles: readonly boolean[]
}

/** All words must match; each in the person or in one of their roles. */
export function compile(state: PageState, roleArns: readonly string[]): Query {
  const words = [...wordsOf(state)].map((text) => compileWord(text, roleArns))
  const byRole = (word: Word, { roles }: ReportedPerson) => roles.some((role) => word.roles[role])
  return {
    isWanted: (person) =>
      (state.source === '' || person.source === state.source) &&
      (state.show === '' || person.findings.some((id) => id === state.show)) &&
      words.every((word) => word.ofPerson(person) || byRole(word, person)),
    isMeant: (person, role) => {
      const onlyByRole = words.filter((word) => !word.ofPerson(person))
      return onlyByRole.length === 0 || onlyByRole.some((word) => word.roles[role])
    },
  }
}

function wordsOf({ query, account }: PageState): readonly string[] {
  const typed = query.split(/\s+/).filter((word) => word !== '')
  return account === '' ? typed : [...typed, `account=${account}`]
}

function compileWord(text: string, roleArns: readonly string[]): Word {
  const [, field = '', relation = ':', value = text] = /^(user|role|account|source|by)([:=])(.*)$/s.exec(text) ?? []
  const wanted = value.toLowerCase()
  const fits = (candidate: string) =>
    relation === '=' ? candidate === value : candidate.toLowerCase().includes(wanted)
  const isNobody = () => false
  const none: readonly boolean[] = []
  switch (field) {
    case 'user':
      return { ofPerson: ({ username }) => fits(username), roles: none }
    case 'by':
      return { ofPerson: ({ setBy }) => fits(setBy), roles: none }
    case 'source':
      return { ofPerson: ({ source }) => fits(source), roles: none }
    case 'account':
      return { ofPerson: isNobody, roles: roleArns.map((arn) => fits(shownRole(arn).account)) }
    case 'role':
      return { ofPerson: isNobody, roles: roleArns.map((arn) => fits(arn) || fits(shownRole(arn).name)) }
    default:
      return { ofPerson: ({ username }) => fits(username), roles: roleArns.map(fits) }
  }
}
