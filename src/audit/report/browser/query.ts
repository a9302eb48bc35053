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
  readonly ofRole: (arn: string) => boolean
}

/**
 * All words must match, each in the person or in one of their roles: two words find who holds both roles. What is said
 * of accounts is said of the roles: only those in such an account are looked at.
 */
export function compile(state: PageState, roleArns: readonly string[]): Query {
  const texts = [...wordsOf(state)]
  const accounts = texts.filter(isAboutAccounts).map(compileWord)
  const within = roleArns.map((arn) => accounts.every((word) => word.ofRole(arn)))
  const words = texts
    .filter((text) => !isAboutAccounts(text))
    .map(compileWord)
    .map(({ ofPerson, ofRole }) => ({
      ofPerson,
      roles: roleArns.map((arn, role) => within[role] === true && ofRole(arn)),
    }))
  return {
    isWanted: (person) =>
      (state.source === '' || person.source === state.source) &&
      (state.show === '' || person.findings.some((id) => id === state.show)) &&
      person.roles.some((role) => within[role]) &&
      words.every((word) => word.ofPerson(person) || person.roles.some((role) => word.roles[role])),
    isMeant: (person, role) => {
      const onlyByRole = words.filter((word) => !word.ofPerson(person))
      return within[role] === true && (onlyByRole.length === 0 || onlyByRole.some((word) => word.roles[role]))
    },
  }
}

function wordsOf({ query, account }: PageState): readonly string[] {
  const typed = query.split(/\s+/).filter((word) => word !== '')
  return account === '' ? typed : [...typed, `account=${account}`]
}

function isAboutAccounts(word: string): boolean {
  return /^account[:=]/.test(word)
}

function compileWord(text: string): Word {
  const [, field = '', relation = ':', value = text] = /^(user|role|account|source|by)([:=])(.*)$/s.exec(text) ?? []
  const wanted = value.toLowerCase()
  const fits = (candidate: string) =>
    relation === '=' ? candidate === value : candidate.toLowerCase().includes(wanted)
  const never = () => false
  switch (field) {
    case 'user':
      return { ofPerson: ({ username }) => fits(username), ofRole: never }
    case 'by':
      return { ofPerson: ({ setBy }) => fits(setBy), ofRole: never }
    case 'source':
      return { ofPerson: ({ source }) => fits(source), ofRole: never }
    case 'account':
      return { ofPerson: never, ofRole: (arn) => fits(shownRole(arn).account) }
    case 'role':
      return { ofPerson: never, ofRole: (arn) => fits(arn) || fits(shownRole(arn).name) }
    default:
      return { ofPerson: ({ username }) => fits(username), ofRole: fits }
  }
}
