/**
 * Lays our code out in few files. esbuild splits it into chunks, each what the same commands need; the chunks that the
 * everyday commands need are joined in `main`, the others by topic. So an everyday run does not grow with the rest.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

const ENTRY = 'src/bin/main.ts'

/** What every run needs, the everyday commands, and what these load on their way. What they import follows them. */
const EVERYDAY = [
  ENTRY,
  'packaging/left-out.cjs',
  'commands/audit/log.ts',
  'commands/audit/who-has.ts',
  'commands/get-aws-role-arns.ts',
  'commands/set-aws-role-arns.ts',
  'commands/unset-aws-role-arns.ts',
  'src/cli/load-config.ts',
  'src/cli/locate-store.ts',
  'src/cli/watch-clock.ts',
  'src/store/event-table.ts',
  'src/store/location.ts',
  'src/store/no-store.ts',
  'src/store/open-store.ts',
  'src/store/present-holdings.ts',
  'src/store/reviewing-store.ts',
  'src/store/sqlite/sqlite-file.ts',
  'src/store/sqlite/sqlite-migrations.ts',
  'src/store/write-assignments.ts',
]

/** What programs ask for again and again, as the SDKs of AWS do: all that it needs beside `main` is in one small file. */
const FREQUENT = ['commands/session/credentials.ts']

/** What no everyday command may need. */
const RARE =
  /^src\/(aws|config|connection|databases|database-servers|diagnosis|known-errors|provisioning|sessions|sso|store\/postgres)\/(?!cache-directory|config-file|session-directory|token-text)/

/**
 * @param options esbuild's, for both steps
 * @param plugins for our sources
 * @returns the files, as esbuild's metafile tells them
 */
export async function buildChunks(options, plugins) {
  const { metafile, outputFiles } = await build({
    ...options,
    chunkNames: '[name]-[hash]',
    entryNames: '[name]-[hash]',
    entryPoints: [ENTRY],
    format: 'esm',
    minify: false,
    plugins,
    splitting: true,
    supported: {},
    write: false,
  })
  mkdirSync(options.outdir)
  const isChunk = ({ path }) => path.endsWith('.cjs')
  for (const { path, contents } of outputFiles.filter((file) => !isChunk(file))) writeFileSync(path, contents)
  const texts = new Map(outputFiles.filter(isChunk).map(({ path, text }) => [basename(path), text]))
  return joinChunks(options, layOut(texts, metafile.outputs))
}

/** The chunks by name: text, source that is loaded by `import()` if any, sources, what they import, and their place. */
function layOut(texts, outputs) {
  const chunks = new Map()
  for (const [path, { entryPoint, imports, inputs }] of Object.entries(outputs)) {
    const name = basename(path)
    if (!texts.has(name)) continue
    const ours = imports.map(({ path, kind }) => ({ name: basename(path), isLater: kind === 'dynamic-import' }))
    const known = ours.filter((other) => texts.has(other.name))
    chunks.set(name, {
      text: texts.get(name),
      entryPoint,
      sources: Object.keys(inputs),
      imports: known,
      place: 'shared',
    })
  }
  placeByTopic(chunks)
  placeEveryday(chunks)
  placeFrequent(chunks)
  return chunks
}

/** What the commands of one topic alone can reach is in the file of that topic. */
function placeByTopic(chunks) {
  const topics = new Map()
  for (const [name, { entryPoint }] of chunks) {
    const topic = /^commands\/([a-z-]+)/.exec(entryPoint ?? '')?.[1]
    if (topic === undefined) continue
    for (const reached of reach(chunks, [name], () => true))
      topics.set(reached, topics.get(reached) === undefined || topics.get(reached) === topic ? topic : 'shared')
  }
  for (const [name, topic] of topics) chunks.get(name).place = topic
}

function placeEveryday(chunks) {
  for (const name of reach(chunks, namesOf(chunks, EVERYDAY), ({ isLater }) => !isLater)) {
    const stray = chunks.get(name).sources.find((source) => RARE.test(source))
    if (stray !== undefined) throw new Error(`an everyday command imports ${stray}: load it by import()`)
    chunks.get(name).place = 'main'
  }
}

function placeFrequent(chunks) {
  for (const name of reach(chunks, namesOf(chunks, FREQUENT), ({ isLater }) => !isLater)) {
    const chunk = chunks.get(name)
    if (chunk.place !== 'main') chunk.place = 'frequent'
  }
}

function namesOf(chunks, sources) {
  const entries = new Map([...chunks].map(([name, { entryPoint }]) => [entryPoint, name]))
  const missing = sources.find((entryPoint) => !entries.has(entryPoint))
  if (missing !== undefined) throw new Error(`nothing loads ${missing} by import(): see packaging/chunks.mjs`)
  return sources.map((entryPoint) => entries.get(entryPoint))
}

function reach(chunks, names, isFollowed) {
  const seen = new Set(names)
  for (const name of seen) for (const next of chunks.get(name).imports.filter(isFollowed)) seen.add(next.name)
  return seen
}

async function joinChunks(options, chunks) {
  const places = [...new Set([...chunks.values()].map(({ place }) => place))]
  const { metafile } = await build({
    ...options,
    entryPoints: places.map((place) => ({ in: `place:${place}`, out: place })),
    plugins: [chunkFiles(chunks)],
  })
  return metafile.outputs
}

/** Chunks in one file find each other there, those in another one through the launcher, as `file#chunk`. */
function chunkFiles(chunks) {
  return {
    name: 'chunk-files',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^place:/ }, ({ path }) => ({ path: path.slice('place:'.length), namespace: 'place' }))
      onLoad({ filter: /^/, namespace: 'place' }, ({ path }) => ({ contents: contentsOf(path, chunks) }))
      onLoad({ filter: /^/, namespace: 'chunk' }, ({ path }) => ({ contents: chunks.get(path).text }))
      onResolve({ filter: /^/ }, ({ path, importer, namespace }) => {
        const chunk = chunks.get(basename(path))
        if (chunk === undefined) return { path, external: true }
        const own = namespace === 'place' ? importer : chunks.get(importer).place
        if (own === chunk.place) return { path: basename(path), namespace: 'chunk' }
        return { path: `${chunk.place}#${basename(path)}`, external: true }
      })
    },
  }
}

/** The text of a file: its chunks that other files want, and in `main` the beginning. */
function contentsOf(file, chunks) {
  const isHere = ({ name }) => chunks.get(name).place === file
  const others = [...chunks.values()].filter(({ place }) => place !== file)
  const wanted = new Set(others.flatMap(({ imports }) => imports.filter(isHere).map(({ name }) => name)))
  const table = [...wanted].map((name) => `${JSON.stringify(name)}: () => require("./${name}")`)
  const [entry] = [...chunks].find(([, { entryPoint }]) => entryPoint === ENTRY)
  const beginning = file === 'main' ? `export { commandLoaders, main } from "./${entry}"\n` : ''
  return `${beginning}export const chunks = { ${table.join(', ')} }`
}
