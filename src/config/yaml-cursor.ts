import { kindOf, typeOf } from './yaml-words.ts'

/** What is wrong at one place of a file; the words follow the path of the place. */
export interface YamlProblem {
  readonly path: readonly PropertyKey[]
  readonly problem: string
}

/**
 * One value of a YAML document and the way to it. Whatever is wrong is noted in one list for the whole document, so that a
 * person who made three mistakes reads of three; each reader then answers `undefined` and the rest is still read.
 */
export class YamlCursor {
  /** `undefined` where the file has nothing. */
  readonly value: unknown
  readonly path: readonly PropertyKey[]
  readonly #problems: YamlProblem[]

  constructor(value: unknown, problems: YamlProblem[], path: readonly PropertyKey[] = []) {
    this.value = value
    this.path = path
    this.#problems = problems
  }

  /** @param problem continues the path: "must be …", or ": …" */
  report(problem: string): undefined {
    this.#problems.push({ path: this.path, problem })
  }

  expected(what: string): undefined {
    if (this.value === undefined) return this.report(' is missing')
    const seen = this.path.length === 0 ? typeOf(this.value) : kindOf(this.value)
    return this.report(` must be ${what}, not ${seen}`)
  }

  /** The values of a mapping that may have these keys and no others. */
  fields<Key extends string>(...known: readonly Key[]): Readonly<Record<Key, YamlCursor>> | undefined {
    const entries = this.entries()
    if (entries === undefined) return undefined
    const names: readonly string[] = known
    for (const [key, at] of entries) if (!names.includes(key)) at.report(' is not a known key')
    return Object.fromEntries(known.map((key) => [key, this.field(key)])) as Record<Key, YamlCursor>
  }

  /** The keys and values of a mapping whose keys are names. */
  entries(): readonly (readonly [string, YamlCursor])[] | undefined {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      return this.expected('a mapping')
    return Object.entries(this.value).map(([key, value]) => [key, this.#at(key, value)])
  }

  elements(): readonly YamlCursor[] | undefined {
    return Array.isArray(this.value)
      ? this.value.map((value, index) => this.#at(index, value))
      : this.expected('a list')
  }

  /** Nothing is reported where there is no such key. */
  field(key: string): YamlCursor {
    const { value } = this
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    return this.#at(key, isThere ? Reflect.get(value, key) : undefined)
  }

  #at(key: PropertyKey, value: unknown): YamlCursor {
    return new YamlCursor(value, this.#problems, [...this.path, key])
  }
}
