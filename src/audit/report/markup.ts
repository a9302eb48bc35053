import { escapeControls } from '../../iam/quote.ts'

/** A part of the page before it is text (on the host) or a node (in the browser). Both are made from the same parts. */
export interface Part {
  readonly tag: string
  readonly attributes: Attributes
  readonly children: readonly Content[]
}

export type Content = Part | string

/** `true` is an attribute without a value; `false` and `null` are no attribute. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>

export function part(tag: string, attributes: Attributes, ...children: readonly Content[]): Part {
  return { tag, attributes, children }
}

/** What came from outside: its direction stays its own, and it wraps wherever it must. */
export function foreign(text: string): Part {
  return part('bdi', {}, text)
}

/**
 * HTML in which no text is markup. What is invisible or reorders a line is spelled as `\u{…}`, as everywhere in this
 * program.
 */
export function toHtml(content: Content): string {
  if (typeof content === 'string') return escapeMarkup(escapeControls(content))
  const { tag, attributes, children } = content
  const open = `<${tag}${attributePairs(attributes).map(toAttribute).join('')}>`
  return VOID.has(tag) ? open : `${open}${children.map(toHtml).join('')}</${tag}>`
}

/** The attributes that are there, as text. */
export function attributePairs(attributes: Attributes): readonly (readonly [string, string])[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== false && value !== null)
    .map(([name, value]) => [name, value === true ? '' : escapeControls(String(value))])
}

const VOID = new Set(['br', 'input', 'meta', 'wbr'])

function toAttribute([name, value]: readonly [string, string]): string {
  return value === '' ? ` ${name}` : ` ${name}="${escapeMarkup(value)}"`
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
