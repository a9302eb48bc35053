/**
 * Runs the bundle once in each of its usual ways and writes the V8 code cache of what ran: bake.cjs BUNDLE.
 * A function that did not run here is compiled when it is first needed.
 */
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const { tmpdir } = require('node:os')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const ARN = 'arn:aws:iam::123456789012:role/bake'
const COMMANDS = [
  ['set-aws-role-arns', 'bake', ARN],
  ['get-aws-role-arns', 'bake'],
  ['get-aws-role-arns', '--help'],
  ['get-aws-role-arns', 'nobody', '--json'],
]

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
  const options = ['--database', join(folder, 'admin.db')]
  try {
    for (const command of COMMANDS) {
      await bundle.exports.main([...command, ...options])
      if (process.exitCode !== undefined) throw new Error(`the bake run failed: ${command.join(' ')}`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  writeFileSync(`${file}.cache`, script.createCachedData())
}
