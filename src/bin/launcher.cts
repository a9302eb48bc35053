/**
 * What `admin` starts: checks the Node version in words that any Node understands, then runs the files beside it with
 * their V8 code caches. V8 compares a cache with the length of its source only, so both carry the hash of the source in
 * their names and are written in one step: a cache can never meet another file than its own. Without a cache, or with
 * one that V8 rejects (another Node version, a file cut short), everything is compiled as usual.
 */

/** The files of this build by their names without the hash: `main`, which every run reads, and what is read on demand. */
declare const FILES: Readonly<Record<string, string>>

const OLDEST_MAJOR = 22
const OLDEST_MINOR = 13

const loaded: Record<string, ReturnType<typeof require>> = {}
/** For packaging/: loads a file without running a command, and tells what V8 compiled of each. */
exports.load = load
exports.names = Object.keys(FILES)
exports.scripts = {}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  const needed = `${OLDEST_MAJOR}.${OLDEST_MINOR}`
  process.stderr.write(
    `Error: admin needs Node.js ${needed} or newer; this is ${process.versions.node} (${process.execPath})\n  an installed admin brings its own; in the clone run: npm run -s admin -- …\n`,
  )
  process.exitCode = 2
} else if (require.main === module) {
  void load('main').main(process.argv.slice(2))
}

/** `require` of these files: by name, or a chunk of ours by `name#chunk`. */
function link(id: string) {
  const [name = '', chunk] = id.split('#')
  if (FILES[name] === undefined) return require(id)
  return chunk === undefined ? load(name) : load(name).chunks[chunk]()
}

function load(name: string) {
  if (loaded[name] !== undefined) return loaded[name].exports
  const fs: typeof import('node:fs') = require('node:fs')
  const Module: typeof import('node:module') = require('node:module')
  const vm: typeof import('node:vm') = require('node:vm')
  const file = require('node:path').join(__dirname, FILES[name])
  const source = Module.wrap(fs.readFileSync(file, 'latin1'))
  const script = new vm.Script(source, { ...readCache(fs, `${file}.cache`), filename: file })
  exports.scripts[file] = script
  const part = { exports: {} }
  loaded[name] = part
  script.runInThisContext()(part.exports, Object.assign(link, require), part, file, __dirname)
  return part.exports
}

function readCache(fs: typeof import('node:fs'), file: string): { cachedData?: Buffer } {
  try {
    return { cachedData: fs.readFileSync(file) }
  } catch {
    return {}
  }
}
