/**
 * What `admin` starts: checks the Node version in words that any Node understands, then runs the bundle beside it with
 * its V8 code cache. V8 compares a cache with the length of its source only, so both carry the hash of the source in
 * their names and are written in one step: a cache can never meet another bundle than its own. Without a cache, or with
 * one that V8 rejects (another Node version, a file cut short), everything is compiled as usual.
 */
declare const MAIN_FILE: string

const OLDEST_MAJOR = 22
const OLDEST_MINOR = 13

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  const needed = `${OLDEST_MAJOR}.${OLDEST_MINOR}`
  process.stderr.write(
    `Error: admin needs Node.js ${needed} or newer; this is ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 2
} else {
  start(require('node:path').join(__dirname, MAIN_FILE))
}

function start(file: string): void {
  const fs: typeof import('node:fs') = require('node:fs')
  const Module: typeof import('node:module') = require('node:module')
  const vm: typeof import('node:vm') = require('node:vm')
  const source = Module.wrap(fs.readFileSync(file, 'latin1'))
  const script = new vm.Script(source, { ...readCache(fs, `${file}.cache`), filename: file })
  const bundle = new Module(file)
  bundle.filename = file
  script.runInThisContext()(bundle.exports, Module.createRequire(file), bundle, file, __dirname)
  void bundle.exports.main(process.argv.slice(2))
}

function readCache(fs: typeof import('node:fs'), file: string): { cachedData?: Buffer } {
  try {
    return { cachedData: fs.readFileSync(file) }
  } catch {
    return {}
  }
}
