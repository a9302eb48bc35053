import type { BackupResult, CopyResult, MigrationResult, StoreStatus } from '../store/store.ts'

export function describeStatus(status: StoreStatus): string {
  const { applied, pending } = status.migrations
  const problems = [...status.integrity, ...status.findings]
  return [
    `store:        ${status.location} (${engineOf(status)}, ${status.bytes} bytes)`,
    `schema:       ${applied.at(-1) ?? 'none'}${pending.length === 0 ? '' : `, still to apply: ${pending.join(', ')}`}`,
    `${status.engine === 'sqlite' ? 'file:  ' : 'tables:'}       ${status.integrity.length === 0 ? 'sound' : 'damaged'} (whether the log was tampered with: admin audit verify)`,
    `users:        ${status.users}`,
    `assignments:  ${status.assignments}`,
    `events:       ${status.events}`,
    `head hash:    ${status.headHash ?? '-'}`,
    ...problems.map((problem) => `problem:      ${problem}`),
  ].join('\n')
}

function engineOf({ engine, serverVersion }: StoreStatus): string {
  return serverVersion === undefined ? engine : `PostgreSQL ${serverVersion}`
}

export function describeMigration({ location, applied }: MigrationResult): string {
  if (applied.length === 0) return `${location} is up to date; nothing to do`
  return [`${location}: applied`, ...applied.map((name) => `  + ${name}`)].join('\n')
}

export function describeBackup({ location, file, bytes, events, headHash }: BackupResult): string {
  return `${location} copied to ${file}: ${bytes} bytes, ${events} events, head ${headHash ?? '-'}`
}

export function describeCopy({ from, to, users, assignments, events, headHash }: CopyResult): string {
  const what = `${users} users, ${assignments} assignments, ${events} events`
  return `${from} copied to ${to}: ${what}, both chains whole, head ${headHash ?? '-'}`
}
