/**
 * Runs the bundle once in each of its usual ways and writes the V8 code cache of what ran: bake.cjs BUNDLE.
 * A function that did not run here is compiled when it is first needed.
 */
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const { tmpdir } = require('node:os')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const [, , file] = process.argv
const script = new Script(Module.wrap(readFileSync(file, 'latin1')), { filename: file })
const bundle = new Module(file)
bundle.filename = file
script.runInThisContext()(bundle.exports, Module.createRequire(file), bundle, file, dirname(file))

process.stdout.write = () => true
process.stderr.write = () => true
void bake()

async function bake() {
  const folder = mkdtempSync(join(tmpdir(), 'admin-bake-'))
  const store = ['--database', join(folder, 'admin.db'), '--config', join(folder, 'none.yaml')]
  const arn = 'arn:aws:iam::123456789012:role/bake'
  try {
    for (const command of [
      ['get-aws-role-arns', 'bake'],
      ['get-aws-role-arns', 'nobody', '--json'],
    ]) {
      await bundle.exports.main([...command, ...store])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  process.exitCode = 0
  writeFileSync(`${file}.cache`, script.createCachedData())
}
