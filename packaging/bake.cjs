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

const { load, scripts } = require(process.argv[2])

process.stdout.write = () => true
process.stderr.write = () => true
void bake()

async function bake() {
  const folder = mkdtempSync(join(tmpdir(), 'admin-bake-'))
  const options = ['--database', join(folder, 'admin.db')]
  try {
    for (const command of COMMANDS) {
      await load('main').main([...command, ...options])
      if (process.exitCode !== undefined) throw new Error(`the bake run failed: ${command.join(' ')}`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  for (const [file, script] of Object.entries(scripts)) writeFileSync(`${file}.cache`, script.createCachedData())
}
