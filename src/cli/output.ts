import { escapeControls } from '../iam/quote.ts'

/** The answer as text; an empty answer prints nothing at all. */
export function writeText(text: string): void {
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Gives a failure to write what was written so far the time to end the program. */
export function textWritten(): Promise<void> {
  return new Promise((resolve) => process.stdout.write('', () => setImmediate(resolve)))
}

/** The answer as one JSON document. */
export function writeJson(value: unknown): void {
  process.stdout.write(`${toJson(value, 2)}\n`)
}

/** JSON in which no character can act on a terminal: JSON itself escapes only the first 32. */
export function toJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent)
  return ASCII.test(json) ? json : json.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCodeUnits)
}

const ASCII = /^[\n -~]*$/

function escapeCodeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/** What a person may want to know beside the answer: progress, explanations, next steps. Always stderr. */
export function writeNote(text: string): void {
  process.stderr.write(`${safeLines(text)}\n`)
}

/** Shown under `--json` too: scripts keep stderr. */
export function writeWarning(text: string): void {
  process.stderr.write(`Warning: ${safeLines(text).replaceAll('\n', '\n  ')}\n`)
}

/** Line feeds are ours; every other control character came from outside. */
export function safeLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n')
}
