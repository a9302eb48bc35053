import { AdminError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../iam/json-object.ts'
import type { PrivateDirectory } from '../private-files.ts'

export interface FailureNotes {
  /** Does the work, or fails as it failed for whoever did it meanwhile. Only while nobody else does it. */
  readonly shared: <T>(work: () => Promise<T>) => Promise<T>
}

/**
 * Lets those who wait while somebody asks AWS in vain share that answer, where each of them would ask as long and as much
 * again. Whoever comes later sees that the note was there before them, and asks.
 *
 * @param name of the file of what is asked for: the note stands beside it
 * @param inputs on which it depends
 */
export function failureNotes(directory: PrivateDirectory, name: string, inputs: JsonObject): FailureNotes {
  const file = name.replace(/\.json$/, '.failed')
  const before = readNote(directory, file)?.id ?? null
  return {
    shared: async (work) => {
      const note = readNote(directory, file)
      if (note !== null && note.id !== before && isOf(note, inputs)) throw toError(note)
      if (note !== null) forget(directory, file)
      try {
        return await work()
      } catch (error) {
        if (error instanceof AdminError && error.code === 'UNAVAILABLE_AWS') write(directory, file, inputs, error)
        throw error
      }
    },
  }
}

export function isFailureNote(name: string): boolean {
  return name.endsWith('.failed')
}

interface Note {
  readonly id: unknown
  readonly inputs: unknown
  readonly failure: JsonObject
}

function readNote(directory: PrivateDirectory, file: string): Note | null {
  try {
    const note: unknown = JSON.parse(directory.read(file) ?? 'null')
    if (!isJsonObject(note) || !isJsonObject(note.failure)) return null
    return { id: note.failure.id, inputs: note.inputs, failure: note.failure }
  } catch {
    return null
  }
}

/** Two sorts of inputs may share a file. */
function isOf(note: Note, inputs: JsonObject): boolean {
  return JSON.stringify(note.inputs) === JSON.stringify(inputs)
}

function toError({ failure }: Note): AdminError {
  const { message, details } = failure
  return new AdminError('UNAVAILABLE_AWS', String(message), { details: isJsonObject(details) ? details : {} })
}

/** Without a note whoever is next asks for themselves: nothing of this is worth a failure. */
function forget(directory: PrivateDirectory, file: string): void {
  try {
    directory.remove(file)
  } catch {
    return
  }
}

function write(directory: PrivateDirectory, file: string, inputs: JsonObject, error: AdminError): void {
  const { message, details } = error
  const id = `${process.pid}-${process.hrtime.bigint()}`
  try {
    directory.write(file, JSON.stringify({ inputs, failure: { id, message, details } }))
  } catch {
    return
  }
}
