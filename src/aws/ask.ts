import { AdminError } from '../errors.ts'
import { translate } from './errors.ts'

/** Sends a request to AWS. `action` as IAM policies name it, `resource` in words for a person. */
export type Ask = <T>(action: string, resource: string | null, request: () => Promise<T>) => Promise<T>

/** Every request goes through here, so that every failure is explained in the same way. */
export function askAs(caller: string): Ask {
  return async (action, resource, request) => {
    try {
      return await request()
    } catch (error) {
      throw translate(error, { action, resource, caller, region: null })
    }
  }
}

/** What AWS did not find is `null`. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof AdminError && error.code === 'NOT_FOUND_AWS') return null
    throw error
  }
}

/** What is wanted of every page; no page is kept. Pages of AWS may be short, even empty, and still have a next one. */
export async function everyPage<Page, Item>(
  ask: (marker: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
  items: (page: Page) => readonly Item[],
): Promise<readonly Item[]> {
  const all: Item[] = []
  let marker: string | undefined
  do {
    const page = await ask(marker)
    all.push(...items(page))
    marker = next(page)
  } while (marker)
  return all
}
