/** What is pointed at in the graph lights up with all that it is linked to, step by step to either side. */
export function lightUpLinks(graph: HTMLElement): void {
  graph.addEventListener('pointerover', ({ target }) => {
    const node = target instanceof Element ? target.closest<SVGElement>('[data-node]') : null
    graph.classList.toggle('pointed', node !== null)
    if (node !== null) light(graph, node.dataset.node ?? '')
  })
  graph.addEventListener('pointerleave', () => graph.classList.remove('pointed'))
}

function light(graph: HTMLElement, start: string): void {
  const links = [...graph.querySelectorAll<SVGElement>('.link')]
  const lit = new Set([...reach(links, start, 'from', 'to'), ...reach(links, start, 'to', 'from')])
  for (const element of graph.querySelectorAll<SVGElement>('.link, .node')) {
    const { node, from, to } = element.dataset
    element.classList.toggle('lit', node === undefined ? lit.has(`${from} ${to}`) : lit.has(node))
  }
}

/** The nodes that can be reached in one direction, and the links that lead there. */
function reach(links: readonly SVGElement[], start: string, near: 'from' | 'to', far: 'from' | 'to'): Set<string> {
  const reached = new Set([start])
  for (const node of reached) {
    for (const { dataset } of links.filter((link) => link.dataset[near] === node)) {
      reached.add(`${dataset.from} ${dataset.to}`).add(dataset[far] ?? '')
    }
  }
  return reached
}
