import { quote } from '../../iam/quote.ts'
import { ONE_LINE_A_ROLE, parseCsvLine } from './csv-line.ts'
import { badLine, type LineReader } from './entry.ts'
import { roleArnChecks } from './role-arn-checks.ts'
import { usernameChecks, withReason } from './username-checks.ts'

/** Reads lines `username,role_arn`. */
export function csvReader(): LineReader {
  const checkArn = roleArnChecks()
  const checkName = usernameChecks()
  return (line, number) => {
    const pair = parseCsvLine(line)
    if ('problem' in pair) return badLine(number, pair.problem, null)
    const name = checkName(pair.username)
    const checked = checkArn(pair.roleArn)
    if ('reason' in checked)
      return badLine(number, withReason(name, ofCell(pair.roleArn, checked.reason)), name.username)
    if (name.username === null) return badLine(number, name.reason, null)
    return { line: number, username: name.username, roleArns: [checked.arn], isWhole: false, expiresAt: undefined }
  }
}

/** No separator would make two role ARNs in one cell right. */
function ofCell(roleArn: string, reason: string): string {
  if (!/arn:.*arn:/s.test(roleArn)) return reason
  return `role ARN has another ARN in its cell: ${quote(roleArn)}; ${ONE_LINE_A_ROLE}`
}
