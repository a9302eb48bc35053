import { resolve } from 'node:path'
import { readBounded } from '../../config/read-bounded.ts'
import { explainReadFailure } from '../../config/read-failure.ts'
import type { YamlCursor } from '../../config/yaml-cursor.ts'
import { readText } from '../../config/yaml-readers.ts'
import { AdminError } from '../../errors.ts'
import { isJsonObject, type JsonObject } from '../../iam/json-object.ts'
import { identityPolicyProblems } from '../../iam/policy-document-check.ts'
import { escapeControls } from '../../iam/quote.ts'

/** IAM API reference, PutRolePolicy, PolicyDocument. */
const MOST_BYTES = 131_072

/** A policy that stands in a file of its own, relative to that of the spec. Every problem of it is reported. */
export function readPolicyDocument(at: YamlCursor, directory: string): JsonObject | undefined {
  const name = readText(at)
  if (name === undefined) return undefined
  if (name === '') return at.report(' must not be empty')
  const file = resolve(directory, name)
  const text = readFile(at, file)
  return text === undefined ? undefined : parsePolicy(at, escapeControls(file), text)
}

function readFile(at: YamlCursor, file: string): string | undefined {
  try {
    const text = readBounded(file, MOST_BYTES)
    return text ?? at.report(`: ${escapeControls(file)} has more than the ${MOST_BYTES} bytes that IAM allows`)
  } catch (error) {
    const failure = explainReadFailure(error, `policy document ${escapeControls(file)}`)
    if (failure instanceof AdminError) return at.report(`: ${failure.message}`)
    throw failure
  }
}

function parsePolicy(at: YamlCursor, file: string, text: string): JsonObject | undefined {
  const line = brokenLine(text)
  if (line !== null) return at.report(`: ${file}:${line} is not JSON`)
  const policy: unknown = JSON.parse(text)
  const problems = identityPolicyProblems(policy)
  for (const problem of problems) at.report(`: ${file}: ${problem}`)
  return problems.length === 0 && isJsonObject(policy) ? policy : undefined
}

/** The line, from 1, where the text stops being JSON. */
function brokenLine(text: string): number | null {
  const failure = jsonFailure(text)
  if (failure === null) return null
  const [, position] = /at position (\d+)/.exec(failure) ?? []
  const end = position === undefined ? firstStrayToken(text) : Number(position) + 1
  return text.slice(0, end).trimEnd().split('\n').length
}

/** V8 does not say where a token is that it did not expect: it is the last of the shortest text that has it. */
function firstStrayToken(text: string): number {
  let [sound, broken] = [0, text.length]
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2)
    if (jsonFailure(text.slice(0, middle))?.startsWith('Unexpected token')) broken = middle
    else sound = middle
  }
  return broken
}

function jsonFailure(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return (error as SyntaxError).message
  }
}
