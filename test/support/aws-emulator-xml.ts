export function text(xml: string, element: string): string {
  return new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(xml)?.[1] ?? ''
}

export function members(xml: string, list: string): readonly string[] {
  return [...text(xml, list).matchAll(/<member>(.*?)<\/member>/gs)].map(([, member = '']) => member)
}

/** The members of a list that may have lists in them. */
export function outerMembers(xml: string, list: string): readonly string[] {
  const found: string[] = []
  let [depth, start] = [0, 0]
  for (const { 0: tag, index } of outerText(xml, list).matchAll(/<\/?member>/g)) {
    if (tag === '<member>' && depth === 0) start = index
    depth += tag === '<member>' ? 1 : -1
    if (depth === 0) found.push(outerText(xml, list).slice(start, index + tag.length))
  }
  return found
}

function outerText(xml: string, list: string): string {
  const [from, to] = [xml.indexOf(`<${list}>`), xml.lastIndexOf(`</${list}>`)]
  return from < 0 ? '' : xml.slice(from + list.length + 2, to)
}
