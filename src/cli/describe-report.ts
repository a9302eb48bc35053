import { escapeControls } from '../iam/quote.ts'
import type { PublishedReport } from './publish-report.ts'

export function describeReport({ file, bytes, store, figures, findings }: PublishedReport): string {
  const found = Object.entries(findings).filter(([, total]) => total > 0)
  const chain = store.verified ? 'verified' : 'NOT as it was written: run admin audit verify --state'
  return [
    `wrote ${escapeControls(file ?? 'standard output')} (${bytes} bytes)`,
    `people:    ${figures.people} hold ${figures.pairs} roles: ${figures.roles} different ones, in ${figures.accounts} accounts`,
    `sources:   ${figures.setByCli} cli (${figures.forced} forced over sso), ${figures.setBySso} sso`,
    `log:       ${store.events} events, ${chain}, head ${store.headHash ?? '-'}`,
    `findings:  ${found.map(([id, total]) => `${total} ${id}`).join(', ') || 'none'}`,
  ].join('\n')
}
