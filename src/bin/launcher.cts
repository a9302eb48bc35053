/**
 * What `admin` starts: checks the Node version in words that any Node understands, then runs the files beside it with
 * their V8 code caches. V8 compares a cache with the length of its source only, so both carry the hash of the source in
 * their names and are written in one step: a cache can never meet another file than its own. Without a cache, or with
 * one that V8 rejects (another Node version, a file cut short), everything is compiled as usual.
 */
type Chunk = Readonly<Record<string, unknown>>
interface Part {
  readonly main: (argv: readonly string[]) => Promise<void>
  /** What other parts need of this one. */
  readonly chunks: Readonly<Record<string, () => Chunk>>
}

/** The parts of the program by name, each with its file: `main`, which every run reads, and what it reads on demand. */
declare const PARTS: Readonly<Record<string, string>>

const OLDEST_MAJOR = 22
const OLDEST_MINOR = 13

const loaded: Record<string, Part> = {}
exports.parts = PARTS
exports.scripts = {}
exports.load = load

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  const needed = `${OLDEST_MAJOR}.${OLDEST_MINOR}`
  process.stderr.write(
    `Error: admin needs Node.js ${needed} or newer; this is ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 2
} else if (require.main === module) {
  void load('main').main(process.argv.slice(2))
}

function load(name: string): Part {
  const known = loaded[name]
  if (known !== undefined) return known
  const fs: typeof import('node:fs') = require('node:fs')
  const Module: typeof import('node:module') = require('node:module')
  const vm: typeof import('node:vm') = require('node:vm')
  const file = require('node:path').join(__dirname, PARTS[name])
  const source = Module.wrap(fs.readFileSync(file, 'latin1'))
  const script = new vm.Script(source, { ...readCache(fs, `${file}.cache`), filename: file })
  const part = { exports: {} as Part }
  exports.scripts[file] = script
  script.runInThisContext()(part.exports, link, part, file, __dirname)
  loaded[name] = part.exports
  return part.exports
}

/** `require` of the parts: what stands in another part goes by `part:chunk`. */
function link(id: string): unknown {
  const [, name, chunk] = /^(\w+):(chunk-.*)$/.exec(id) ?? []
  return name === undefined || chunk === undefined ? require(id) : load(name).chunks[chunk]?.()
}

function readCache(fs: typeof import('node:fs'), file: string): { cachedData?: Buffer } {
  try {
    return { cachedData: fs.readFileSync(file) }
  } catch {
    return {}
  }
}
