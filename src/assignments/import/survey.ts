import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Instant } from '../../clock.ts'
import { AdminError } from '../../errors.ts'
import { readEntries } from './entries.ts'
import { type Findings, noFindings } from './entry.ts'
import type { EntrySorter } from './entry-sorter.ts'
import type { ImportFile } from './import-file.ts'
import { gatherPeople, type PeopleBlock } from './people.ts'
import { type ImportRules, refuseImport } from './refuse-import.ts'
import { SeenNames } from './seen-names.ts'

/** What was seen on a first reading of the whole file. Whoever asked for it closes it. */
export interface Survey extends Findings {
  readonly fileName: string
  readonly lines: number
  readonly people: number
  /** Everybody, each once; what is bad is left out. */
  readonly blocks: () => Iterable<PeopleBlock>
  readonly close: () => void
}

/** How far it is. */
export interface ImportProgress {
  readonly doing: 'checking' | 'sorting' | 'importing'
  readonly lines: number
  /** Between 0 and 1. */
  readonly part: number
}

/** What watches a long work, and may end it. */
export interface Watch {
  readonly onProgress: (progress: ImportProgress) => void
  readonly isInterrupted: () => boolean
}

export interface SurveyRequest extends Watch, ImportRules {
  readonly file: ImportFile
  /** An assignment cannot end before. */
  readonly now: Instant
  /** For files in which the lines about one person do not stand together. */
  readonly openSorter: () => Promise<EntrySorter>
}

/**
 * Reads the whole file and changes nothing: is every line good, and do those about one person stand together? Where
 * they do not, they are brought together.
 *
 * @throws AdminError INVALID_IMPORT, REFUSED_INTERRUPTED
 */
export async function surveyFile(request: SurveyRequest): Promise<Survey> {
  const survey = (await surveyInOrder(request)) ?? (await surveySorted(request))
  try {
    refuseImport(survey, request)
    return survey
  } catch (error) {
    survey.close()
    throw error
  }
}

/** `null` where somebody comes back after others. */
async function surveyInOrder(request: SurveyRequest): Promise<Survey | null> {
  const { file, now } = request
  const blocks = (findings: Findings) => gatherPeople(readEntries(file, now, findings), findings)
  const counter = progressCounter(request, 'checking')
  const findings = noFindings()
  const seen = new SeenNames()
  let people = 0
  for (const block of blocks(findings)) {
    if (block.people.some(({ username }) => seen.add(username))) return null
    people += block.people.length
    await counter.count(block.lines, block.part)
  }
  const common = { fileName: file.name, lines: counter.lines(), people }
  return { ...findings, ...common, blocks: () => blocks(noFindings()), close: () => {} }
}

async function surveySorted(request: SurveyRequest): Promise<Survey> {
  const sorter = await request.openSorter()
  try {
    const findings = noFindings()
    const lines = await fillSorter(sorter, request, findings)
    const blocks = (found: Findings) => gatherPeople(sortedBlocks(sorter, lines), found)
    const counter = progressCounter(request, 'checking')
    let people = 0
    for (const block of blocks(findings)) {
      people += block.people.length
      await counter.count(block.lines, block.part)
    }
    findings.bad.sort((one, other) => one.line - other.line)
    const common = { fileName: request.file.name, lines, people }
    return { ...findings, ...common, blocks: () => blocks(noFindings()), close: () => sorter.close() }
  } catch (error) {
    sorter.close()
    throw error
  }
}

async function fillSorter(sorter: EntrySorter, request: SurveyRequest, findings: Findings): Promise<number> {
  const counter = progressCounter(request, 'sorting')
  for (const { entries, lines, part } of readEntries(request.file, request.now, findings)) {
    sorter.add(entries)
    await counter.count(lines, part)
  }
  return counter.lines()
}

function* sortedBlocks(sorter: EntrySorter, lines: number) {
  let read = 0
  for (const entries of sorter.sorted()) {
    read += entries.length
    yield { entries, lines: entries.length, part: read / lines }
  }
}

/**
 * Counts lines and tells of it; lets signals, timers and finalizers come through.
 *
 * @throws AdminError REFUSED_INTERRUPTED
 */
export function progressCounter({ onProgress, isInterrupted }: Watch, doing: ImportProgress['doing']) {
  let lines = 0
  return {
    lines: () => lines,
    async count(more: number, part: number): Promise<void> {
      lines += more
      onProgress({ doing, lines, part })
      await nextTurn()
      if (isInterrupted()) throw new AdminError('REFUSED_INTERRUPTED', 'interrupted; nothing was changed')
    },
  }
}
