import { AdminError, combined } from '../errors.ts'

/**
 * Parses every value before it complains, so that a person who made three mistakes reads of three.
 *
 * @throws AdminError with the code of the first problem and the messages of all
 */
export function parseAll<T extends object>(parsers: { readonly [Key in keyof T]: () => T[Key] }): T {
  const parsed: Partial<T> = {}
  const problems: AdminError[] = []
  for (const key of Object.keys(parsers) as (keyof T)[]) {
    try {
      parsed[key] = parsers[key]()
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      problems.push(error)
    }
  }
  if (problems.length > 0) throw combined(problems)
  return parsed as T
}

/** Applies the parser to what was given; what was not given stays `undefined`. */
export function optionally<In, Out>(value: In | undefined, parse: (value: In) => Out): Out | undefined {
  return value === undefined ? undefined : parse(value)
}
