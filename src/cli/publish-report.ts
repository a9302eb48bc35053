import { once } from 'node:events'
import { resolve } from 'node:path'
import { gatherReport, type ReportRequest, type ReportSources } from '../audit/report/gather-report.ts'
import { renderPage } from '../audit/report/render-page.ts'
import type { Figures, FindingId, ReportData } from '../audit/report/report-data.ts'
import { refuseExisting, writeWholeFile } from '../config/write-whole-file.ts'
import { AdminError } from '../errors.ts'
import { reportView } from './report-progress.ts'

/** For its owner only: it says who may do what. */
const PAGE_MODE = 0o600

export interface PublishedReport {
  /** `null` is standard output. */
  readonly file: string | null
  readonly bytes: number
  readonly madeAt: string
  readonly store: {
    readonly location: string
    readonly events: number
    readonly headHash: string | null
    /** The chain is whole, and what is assigned is what the log tells. */
    readonly verified: boolean
  }
  readonly figures: Figures
  /** How many of each; without `no-account` where this host could not be asked. */
  readonly findings: Readonly<Partial<Record<FindingId, number>>>
}

/**
 * Makes the report and writes it, whole or not at all.
 *
 * @throws AdminError USAGE_FLAG, REFUSED_FILE_EXISTS, DENIED_FILE, NOT_FOUND_FILE
 */
export async function publishReport(
  sources: ReportSources,
  request: ReportRequest,
  { output, json }: { readonly output: string; readonly json: boolean },
): Promise<PublishedReport> {
  const file = output === '-' ? null : resolve(output)
  if (file === null && json)
    throw new AdminError(
      'USAGE_FLAG',
      '--json and --output - both want standard output; name a file, or leave out --json',
    )
  if (file !== null) refuseExisting(file)
  const { pageStyle, pageScript } = await import('../audit/report/page-files.ts')
  const data = await gatherUnderEyes(sources, request, json)
  const page = renderPage(data, { style: pageStyle, script: pageScript })
  if (file === null) await print(page)
  else writeWholeFile(file, page, PAGE_MODE)
  return publishedReport(data, file, Buffer.byteLength(page))
}

async function gatherUnderEyes(sources: ReportSources, request: ReportRequest, isJson: boolean): Promise<ReportData> {
  const view = await reportView(isJson)
  try {
    return await gatherReport(sources, request, view.show)
  } finally {
    view.end()
  }
}

async function print(page: string): Promise<void> {
  if (!process.stdout.write(page)) await once(process.stdout, 'drain')
}

function publishedReport(data: ReportData, file: string | null, bytes: number): PublishedReport {
  const { location, events, headHash, broken, differs } = data.store
  return {
    file,
    bytes,
    madeAt: data.madeAt,
    store: { location, events, headHash, verified: broken === null && differs === null },
    figures: data.figures,
    findings: Object.fromEntries(data.findings.map(({ id, total }) => [id, total])),
  }
}
