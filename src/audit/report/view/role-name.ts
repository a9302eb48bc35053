/** What the page shows of a role ARN, split where it can be; a row that somebody edited may hold anything. */
export interface ShownRole {
  /** `other` where the text is no role ARN. */
  readonly account: string
  /** With its path, without the first slash. */
  readonly name: string
}

export function shownRole(arn: string): ShownRole {
  const [, account, name] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(.+)$/s.exec(arn) ?? []
  return account === undefined || name === undefined ? { account: 'other', name: arn } : { account, name }
}
