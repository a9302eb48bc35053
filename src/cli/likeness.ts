/** With how many characters both begin, where that is `least` and half of their length at least; else 0. */
export function sharedBeginning(a: string, b: string, least: number): number {
  const differs = [...a].findIndex((character, index) => character !== b[index])
  const shared = differs === -1 ? a.length : differs
  return shared >= least && shared * 2 >= Math.max(a.length, b.length) ? shared : 0
}
