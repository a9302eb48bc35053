import { chalkStderr as chalk } from 'chalk'
import { escapeControls } from '../iam/quote.ts'
import type { Progress } from '../provisioning/apply.ts'
import type { AppliedChange, Change } from '../provisioning/plan.ts'
import { safeLines } from './output.ts'

/** Shows on stderr what is being done. Whoever asked for it ends it. */
export interface ProgressView {
  readonly show: (progress: Progress) => void
  /** Tells something beside. */
  readonly note: (text: string) => void
  readonly end: () => void
}

/** A list that lives at the bottom of a terminal, or a line for each event. */
export async function progressView(total: number): Promise<ProgressView> {
  const isDrawable = process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb'
  if (!isDrawable) return lineView((line) => process.stderr.write(`${line}\n`))
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(process.stderr)
  const end = () => {
    update.clear()
    update.done()
  }
  return liveView(total, { draw: update, keep: (line) => update.persist(line), end })
}

/** Where nobody watches: what was waited for, and how each change ended. */
export function lineView(write: (line: string) => void): ProgressView {
  const waiting = new Set<Change>()
  return {
    show(progress) {
      if (progress.kind === 'ended') return write(endLine(progress.change))
      if (progress.kind === 'begun' || waiting.has(progress.change)) return
      waiting.add(progress.change)
      write(waitLine(progress))
    },
    note: (text) => write(safeLines(text)),
    end: () => {},
  }
}

export interface Screen {
  readonly draw: (text: string) => void
  /** A line that stays. */
  readonly keep: (line: string) => void
  /** Takes away what was drawn. */
  readonly end: () => void
}

/** What has ended scrolls by; below it what is being done now, and how far it all is. */
export function liveView(total: number, { draw, keep, end }: Screen): ProgressView {
  const running = new Map<Change['calls'], string>()
  let ended = 0
  const redraw = () => draw([...running.values(), chalk.dim(`${ended} of ${total} done`)].join('\n'))
  return {
    show(progress) {
      const { calls } = progress.change
      if (progress.kind === 'ended') {
        ended += 1
        running.delete(calls)
        keep(endLine(progress.change))
      } else running.set(calls, progress.kind === 'begun' ? `… ${nameOf(progress.change)}` : waitLine(progress))
      redraw()
    },
    note(text) {
      keep(safeLines(text))
      redraw()
    },
    end,
  }
}

function endLine(change: AppliedChange): string {
  if (change.status === 'done') return `${chalk.green('✔')} ${nameOf(change)}`
  return `${chalk.red('✖')} ${nameOf(change)}: ${escapeControls(change.error?.message.split('\n')[0] ?? '')}`
}

function waitLine({ change, call, reason }: Extract<Progress, { readonly kind: 'waiting' }>): string {
  return `… ${nameOf(change)}: waiting for AWS to be ready for ${call.operation}: ${escapeControls(reason)}`
}

function nameOf({ action, kind, name, account }: Change): string {
  return `${action} ${kind} ${escapeControls(name)} (${account})`
}
