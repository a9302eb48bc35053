import type { Document, LineCounter, Node } from 'yaml'

/** The line, from 1, where a key (or, for a missing one, the nearest thing around it) stands in a YAML document. */
export function lineOfKey(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const offset = keyOffset(document, path.slice(0, depth))
    if (offset !== undefined) return lines.linePos(offset).line
  }
  return 1
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 0 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (path.length === 0) return (parent as Node | null)?.range?.[0]
  const last = path.at(-1)
  const items = (parent as { items?: readonly (Node | { key?: Node })[] } | null)?.items ?? []
  const item =
    typeof last === 'number' ? items[last] : items.find((pair) => String((pair as { key?: Node }).key) === String(last))
  const node = item !== undefined && 'key' in item ? item.key : (item as Node | undefined)
  return node?.range?.[0]
}
