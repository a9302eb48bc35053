import { AdminError } from '../errors.ts'
import type { YamlCursor } from './yaml-cursor.ts'

/** Makes something of a value, or reports why not and answers `undefined`. */
export type Reader<T> = (at: YamlCursor) => T | undefined

export const readText: Reader<string> = (at) => {
  if (typeof at.value === 'string') return at.value
  const isMeantAsText = typeof at.value === 'number' || typeof at.value === 'boolean'
  return at.expected(isMeantAsText ? 'a text in quotes' : 'a text')
}

export const readSwitch: Reader<boolean> = (at) =>
  typeof at.value === 'boolean' ? at.value : at.expected('true or false')

/** A text that the parser of an edge accepts; its reason becomes the problem. */
export function parsed<T>(parse: (text: string) => T): Reader<T> {
  return (at) => {
    const text = readText(at)
    return text === undefined ? undefined : parseAt(at, text, parse)
  }
}

/** As {@link parsed}, for a text that stands elsewhere: the key of what is here. */
export function parseAt<T>(at: YamlCursor, text: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    return at.report(`: ${error.message}`)
  }
}

export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  return (at) => words.find((word) => word === at.value) ?? at.expected(words.join(' or '))
}

/** What is there is read, what is not becomes `otherwise`. */
export function optional<T, Otherwise>(
  at: YamlCursor,
  read: Reader<T>,
  otherwise: Otherwise,
): T | Otherwise | undefined {
  return at.value === undefined ? otherwise : read(at)
}

/** Every element that can be read; one that is there twice is a slip of the pen. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (at) => {
    const elements = at.elements()
    const seen = new Set<string>()
    return elements?.flatMap((element) => {
      const key = JSON.stringify(element.value)
      if (seen.has(key)) element.report(' is there twice')
      seen.add(key)
      return present(read(element))
    })
  }
}

export function filledListOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (at) => {
    const list = listOf(read)(at)
    return Array.isArray(at.value) && at.value.length === 0 ? at.report(' must not be empty') : list
  }
}

/** Every entry that can be read, under names of the writer's choice. */
export function mapOf<T>(read: (name: string, at: YamlCursor) => T | undefined): Reader<readonly T[]> {
  return (at) => at.entries()?.flatMap(([name, value]) => present(read(name, value)))
}

/** All parts, or `undefined` where one of them could not be read. */
export function whole<T extends object>(parts: { readonly [Key in keyof T]: T[Key] | undefined }): T | undefined {
  return Object.values(parts).includes(undefined) ? undefined : (parts as T)
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value]
}
