import { escapeControls } from '../../../iam/quote.ts'
import { attributePairs, type Content } from '../markup.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Text becomes a text node and nothing else: nothing is ever parsed as markup. */
export function toNode(content: Content, namespace: string | null = null): Node {
  if (typeof content === 'string') return document.createTextNode(escapeControls(content))
  const own = content.tag === 'svg' ? SVG : namespace
  const element = own === null ? document.createElement(content.tag) : document.createElementNS(own, content.tag)
  for (const [name, value] of attributePairs(content.attributes)) element.setAttribute(name, value)
  element.append(...content.children.map((child) => toNode(child, own)))
  return element
}

/** @throws Error where the page lacks it: page and script are made together */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`the page has no ${id}`)
}
