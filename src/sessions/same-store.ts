import { realpathSync } from 'node:fs'

/**
 * Whether a session was begun by what this store says. One file is not another; a server has many names, so of two servers
 * nobody knows, and they count as one.
 */
export function isSameStore(one: string, other: string): boolean {
  const isFile = (location: string) => location.startsWith('/')
  if (one === other || (!isFile(one) && !isFile(other))) return true
  return isFile(one) && isFile(other) && realPath(one) === realPath(other)
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
