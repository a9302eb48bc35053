/**
 * Lays our code out in few files. esbuild splits it into chunks, each what the same commands need; the chunks that the
 * everyday commands need are joined in `main`, the others by topic. So an everyday run does not grow with the rest.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/** What every run needs, the everyday commands, and what these load on their way. What they import follows them. */
const EVERYDAY = [
  'src/bin/main.ts',
  'packaging/left-out.cjs',
  'commands/audit/log.ts',
  'commands/get-aws-role-arns.ts',
  'commands/set-aws-role-arns.ts',
  'commands/unset-aws-role-arns.ts',
  'src/cli/load-config.ts',
  'src/store/event-table.ts',
  'src/store/location.ts',
  'src/store/no-store.ts',
  'src/store/open-store.ts',
  'src/store/sqlite/sqlite-file.ts',
  'src/store/sqlite/sqlite-migrations.ts',
  'src/store/step-by-step.ts',
  'src/store/write-assignments.ts',
]

/**
 * @param options esbuild's, for both steps
 * @param plugins for our sources
 * @returns the file of each part
 */
export async function buildParts(options, plugins) {
  const { metafile, outputFiles } = await build({
    ...options,
    chunkNames: 'chunk-[name]-[hash]',
    entryNames: 'chunk-[name]-[hash]',
    entryPoints: ['src/bin/main.ts'],
    format: 'esm',
    minify: false,
    plugins,
    splitting: true,
    supported: {},
    write: false,
  })
  mkdirSync(options.outdir)
  const texts = new Map()
  for (const { path, contents, text } of outputFiles) {
    if (path.endsWith('.cjs')) texts.set(basename(path), text)
    else writeFileSync(path, contents)
  }
  const graph = readGraph(metafile.outputs, new Set(texts.keys()))
  return joinChunks(options, texts, graph, partOfEach(graph))
}

/** The chunks by their names, with what each imports: at once, or later by `import()`. */
function readGraph(outputs, names) {
  const chunks = Object.entries(outputs).map(([path, { entryPoint, imports }]) => {
    const ofKind = (isLater) =>
      imports.filter(({ kind }) => (kind === 'dynamic-import') === isLater).map((one) => basename(one.path))
    const [atOnce, later] = [false, true].map((isLater) => ofKind(isLater).filter((name) => names.has(name)))
    return [basename(path), { entryPoint, atOnce, later }]
  })
  return new Map(chunks.filter(([name]) => names.has(name)))
}

function partOfEach(graph) {
  const entries = new Map([...graph].map(([name, { entryPoint }]) => [entryPoint, name]))
  const missing = EVERYDAY.find((entryPoint) => !entries.has(entryPoint))
  if (missing !== undefined) throw new Error(`${missing} is not loaded by import(); see packaging/parts.mjs`)
  const parts = new Map()
  for (const [entryPoint, name] of entries) {
    const topic = /^commands\/([a-z]+)\//.exec(entryPoint ?? '')?.[1]
    if (topic === undefined) continue
    for (const reached of closure([name], (chunk) => [...graph.get(chunk).atOnce, ...graph.get(chunk).later]))
      parts.set(reached, (parts.get(reached) ?? topic) === topic ? topic : 'shared')
  }
  const everyday = EVERYDAY.map((entryPoint) => entries.get(entryPoint))
  for (const name of closure(everyday, (chunk) => graph.get(chunk).atOnce)) parts.set(name, 'main')
  return parts
}

function closure(names, next) {
  const seen = new Set(names)
  for (const name of seen) for (const other of next(name)) seen.add(other)
  return seen
}

async function joinChunks(options, texts, graph, parts) {
  const names = [...new Set(parts.values())]
  const { metafile } = await build({
    ...options,
    entryNames: '[name]-[hash]',
    entryPoints: names.map((part) => ({ in: `part:${part}`, out: part })),
    plugins: [chunksOfParts(texts, graph, parts)],
  })
  const files = Object.entries(metafile.outputs).map(([path, { entryPoint }]) => [entryPoint, basename(path)])
  return Object.fromEntries(names.map((part) => [part, files.find(([entry]) => entry === `part:part:${part}`)[1]]))
}

/** Chunks of the same part find each other in their file, those of another one through the launcher. */
function chunksOfParts(texts, graph, parts) {
  return {
    name: 'chunks-of-parts',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^part:/ }, ({ path }) => ({ path, namespace: 'part' }))
      onLoad({ filter: /^/, namespace: 'part' }, ({ path }) => ({ contents: entryOf(path.slice('part:'.length), graph, parts) }))
      onResolve({ filter: /^\.\// }, ({ path, importer, namespace }) => {
        const name = basename(path)
        const part = parts.get(name)
        if (part === undefined) return { path, external: true }
        const own = namespace === 'part' ? importer.replace(/^part:/, '') : parts.get(importer)
        return own === part ? { path: name, namespace: 'chunk' } : { path: `${part}:${name}`, external: true }
      })
      onLoad({ filter: /^/, namespace: 'chunk' }, ({ path }) => ({ contents: texts.get(path) }))
    },
  }
}

function entryOf(part, graph, parts) {
  const isOfPart = (name) => parts.get(name) === part
  const wanted = new Set()
  for (const [name, { atOnce, later }] of graph) {
    if (isOfPart(name)) continue
    for (const other of [...atOnce, ...later].filter(isOfPart)) wanted.add(other)
  }
  const chunks = [...wanted].map((name) => `${JSON.stringify(name)}: () => require('./${name}')`)
  const entry = [...graph].find(([, { entryPoint }]) => entryPoint === 'src/bin/main.ts')[0]
  const exported = part === 'main' ? `export { commandLoaders, main } from './${entry}'\n` : ''
  return `${exported}export const chunks = { ${chunks.join(', ')} }`
}
