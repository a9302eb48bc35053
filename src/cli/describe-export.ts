import type { ExportFormat, ExportTally } from './write-export.ts'

/** What whoever imports it elsewhere must know. */
export function exportNotes({ sso, ending }: ExportTally, format: ExportFormat): readonly string[] {
  const [ofSso, ofEnding] = [
    sso === 1 ? '1 person has' : `${sso} people have`,
    ending === 1 ? '1 person' : `${ending} people`,
  ]
  const verb = ending === 1 ? 'has' : 'have'
  const isLost = ending > 0 && format !== 'jsonl' && format !== 'json'
  return [
    ...(sso > 0 ? [`${ofSso} roles from single sign-on; where they are imported, they become roles set there`] : []),
    ...(isLost
      ? [`${ofEnding} ${verb} roles that end by themselves, which ${format} cannot say; --format jsonl does`]
      : []),
  ]
}
