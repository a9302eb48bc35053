import type { LineCounter, Node, YAMLError, YAMLMap } from 'yaml'
import { lineOfKey } from './yaml-position.ts'

const MOST_SYNTAX_ERRORS = 10

/** A file of ours: what stands in it, and where. */
export interface YamlDocument {
  /** `null` for an empty file, and for a broken one. */
  readonly content: unknown
  /** The line, from 1, of a key or element; for what is missing, that of the nearest thing around it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number
  /** What is no YAML, or is YAML that we do not take. */
  readonly syntaxProblems: readonly SyntaxProblem[]
}

export interface SyntaxProblem {
  readonly line: number
  readonly problem: string
}

/** For who sets up V8 in another way before a document is read: the code cache of the library is made without that. */
export function loadYaml() {
  return import('yaml')
}

/**
 * Reads one YAML document. Keys are texts as they are written: `012345678901` stays that. The text is not repeated in the
 * problems: root may be led to name any file of the host.
 *
 * Aliases are refused: nothing here is worth repeating, and a few lines of them unfold to gigabytes.
 */
export async function parseYaml(text: string): Promise<YamlDocument> {
  const { LineCounter, parseDocument, visit } = await loadYaml()
  const lines = new LineCounter()
  // The library compares each key with all before it: a file of keys alone would keep it busy for minutes.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false }
  const document = parseDocument(text, options)
  const syntaxProblems = document.errors
    .slice(0, MOST_SYNTAX_ERRORS)
    .map((error) => ({ line: lineAt(lines, error.pos[0]), problem: syntaxProblem(error) }))
  const refuse = (node: Node, problem: string) => {
    if (syntaxProblems.length < MOST_SYNTAX_ERRORS)
      syntaxProblems.push({ line: lineAt(lines, node.range?.[0]), problem })
  }
  visit(document, {
    Alias: (_, alias) => refuse(alias, 'aliases (*…) are not taken; write it out'),
    Map: (_, map) => {
      for (const key of repeatedKeys(map)) refuse(key, 'the key is there twice')
    },
  })
  return {
    content: syntaxProblems.length > 0 ? null : (document.toJS() ?? null),
    lineOf: (path) => lineOfKey(document, lines, path),
    syntaxProblems,
  }
}

function repeatedKeys({ items }: YAMLMap): readonly Node[] {
  const seen = new Set<string>()
  return items.flatMap(({ key }) => {
    const isRepeated = seen.has(String(key))
    seen.add(String(key))
    return isRepeated ? [key as Node] : []
  })
}

function lineAt(lines: LineCounter, offset = 0): number {
  return lines.linePos(offset).line
}

/** The words of the YAML parser without the text that it met. */
function syntaxProblem({ code, message }: YAMLError): string {
  switch (code) {
    case 'BAD_DIRECTIVE':
      return 'a line that begins with % is not understood'
    case 'BAD_DQ_ESCAPE':
      return 'a backslash in double quotes is followed by what it cannot escape'
    case 'TAG_RESOLVE_FAILED':
      return 'a tag (!…) is not understood'
    case 'NON_STRING_KEY':
      return 'a key is not a text'
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply'
    case 'MULTIPLE_DOCS':
      return 'a second document begins (---); expected one'
    default:
      return message.replace(/:\s.*$/s, '')
  }
}
