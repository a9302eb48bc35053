import type { Actor } from '../assignments/actor.ts'
import type { AssignmentStore } from '../assignments/assignment-store.ts'
import { type ImportOutcome, importRoleArns } from '../assignments/import/import.ts'
import { type Survey, surveyFile } from '../assignments/import/survey.ts'
import type { Clock } from '../clock.ts'
import { withImportFile } from './import-file.ts'
import { importView } from './import-progress.ts'
import { withInterrupt } from './interrupt.ts'

export interface RunImportRequest {
  /** A path, or `-` for standard input. */
  readonly file: string
  readonly isPruning: boolean
  readonly skipsInvalid: boolean
  readonly isDryRun: boolean
  readonly isJson: boolean
  readonly reason: string | null
  readonly actor: Actor
  readonly clock: Clock
  /** Opens the store for the time of the work. */
  readonly withStore: <T>(work: (store: AssignmentStore) => Promise<T>) => Promise<T>
}

export interface RunImportAnswer extends ImportOutcome {
  readonly survey: Pick<Survey, 'fileName' | 'lines' | 'people' | 'duplicates'>
}

/** Surveys a file and follows it, under the eyes of a person who may stop it. The store is opened for a good file only. */
export async function runImport(request: RunImportRequest): Promise<RunImportAnswer> {
  return withImportFile(request.file, async (file) => {
    const view = await importView(request.isJson)
    try {
      return await withInterrupt(
        () => {},
        async ({ isInterrupted }) => {
          const watch = { onProgress: view.show, isInterrupted }
          const survey = await surveyFile({ ...request, ...watch, file, now: request.clock(), openSorter })
          return await followSurvey(survey, { ...request, ...watch })
        },
      )
    } finally {
      view.end()
    }
  })
}

async function openSorter() {
  return (await import('../store/sqlite/entry-sorter.ts')).openEntrySorter()
}

async function followSurvey(
  survey: Survey,
  request: RunImportRequest & Pick<Parameters<typeof importRoleArns>[1], 'onProgress' | 'isInterrupted'>,
): Promise<RunImportAnswer> {
  try {
    const outcome = await request.withStore((store) => importRoleArns(store, { ...request, survey }))
    return { ...outcome, survey }
  } finally {
    survey.close()
  }
}
