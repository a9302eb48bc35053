import { defused } from '../assignments/import/csv-line.ts'
import type { Holding, HoldingList } from '../audit/holdings.ts'
import type { Instant } from '../clock.ts'
import { shellQuote, visibleShellQuote } from '../iam/quote.ts'
import { safeLines, toJson } from './output.ts'
import { plainReader } from './reader.ts'
import { writeRows } from './write-rows.ts'

export const exportFormats = ['csv', 'jsonl', 'rstudio-server'] as const

export type ExportFormat = (typeof exportFormats)[number] | 'json'

/** What whoever imports it elsewhere must know. */
export interface ExportTally {
  /** How many have their roles from single sign-on. */
  sso: number
  /** How many have roles that end by themselves. */
  ending: number
}

interface ExportedPerson {
  readonly username: string
  readonly roleArns: readonly string[]
  readonly expiresAt?: Instant
}

/** Writes everybody who has roles at that moment, as they come from the store: memory does not grow with them. */
export async function writeExport(store: HoldingList, format: ExportFormat, now: Instant): Promise<ExportTally> {
  const tally = { sso: 0, ending: 0 }
  const everybody = { users: [], roles: [], accounts: [], sources: [] }
  const batches = counted(store.holdings(everybody, { kind: 'now', at: now }), tally)
  if (format === 'json') await writeRows(people(batches), { columns: [], format, nothing: 'nobody has AWS roles' })
  else await writeLines(batches, linesOf[format])
  return tally
}

async function* counted(batches: AsyncIterable<readonly Holding[]>, tally: ExportTally) {
  for await (const holdings of batches) {
    tally.sso += holdings.filter(({ source }) => source === 'sso').length
    tally.ending += holdings.filter(({ expiresAt }) => expiresAt !== null).length
    yield holdings
  }
}

async function* people(batches: AsyncIterable<readonly Holding[]>): AsyncGenerator<ExportedPerson> {
  for await (const holdings of batches) yield* holdings.map(toPerson)
}

function toPerson({ username, roleArns, expiresAt }: Holding): ExportedPerson {
  return { username, roleArns, ...(expiresAt !== null && { expiresAt }) }
}

interface Lines {
  readonly head: string
  readonly of: (holding: Holding) => string
}

const linesOf: Readonly<Record<(typeof exportFormats)[number], Lines>> = {
  csv: { head: 'username,role_arn\n', of: csvLines },
  jsonl: { head: '', of: (holding) => `${toJson(toPerson(holding))}\n` },
  'rstudio-server': { head: '', of: rstudioLine },
}

function writeLines(batches: AsyncIterable<readonly Holding[]>, lines: Lines): Promise<void> {
  return plainReader.read(texts(batches, lines))
}

/** A terminal shows what could act on it spelled out; a file gets it as it is. */
async function* texts(batches: AsyncIterable<readonly Holding[]>, { head, of }: Lines): AsyncGenerator<string> {
  yield head
  for await (const holdings of batches) {
    const text = holdings.map(of).join('')
    yield process.stdout.isTTY ? safeLines(text) : text
  }
}

function csvLines({ username, roleArns }: Holding): string {
  const name = csvCell(username)
  return roleArns.map((arn) => `${name},${csvCell(arn)}\n`).join('')
}

function csvCell(text: string): string {
  const cell = defused(text)
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function rstudioLine({ username, roleArns }: Holding): string {
  return `rstudio-server set-aws-role-arns ${visibleShellQuote(username)} ${shellQuote(roleArns.join(','))}\n`
}
