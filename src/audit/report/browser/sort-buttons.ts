/** Makes buttons of the heads of columns. */
export function offerSorting(sortBy: (sort: string) => void): void {
  for (const head of sortableHeads()) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = head.textContent
    button.addEventListener('click', () => sortBy(nextSort(head)))
    head.replaceChildren(button, onPaper(head.textContent ?? ''))
  }
}

/** Where a browser repeats the head of a table on each sheet, it leaves out the buttons. */
function onPaper(title: string): HTMLElement {
  const span = document.createElement('span')
  span.className = 'on-paper'
  span.textContent = title
  return span
}

export function showSorting(sort: string): void {
  const key = sort.replace(/^-/, '')
  for (const head of sortableHeads()) {
    const isSorted = head.dataset.sort === key
    if (isSorted) head.setAttribute('aria-sort', sort.startsWith('-') ? 'descending' : 'ascending')
    else head.removeAttribute('aria-sort')
  }
}

function sortableHeads(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('th[data-sort]')]
}

function nextSort(head: HTMLElement): string {
  const key = head.dataset.sort ?? ''
  return head.getAttribute('aria-sort') === 'ascending' ? `-${key}` : key
}
