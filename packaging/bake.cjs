/**
 * Runs the program once in each of its usual ways and writes the V8 code caches of what ran: bake.cjs LAUNCHER. A
 * function that did not run here is compiled when it is first needed.
 */
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const ARN = 'arn:aws:iam::123456789012:role/bake'
const COMMANDS = [
  ['set-aws-role-arns', 'bake', ARN],
  ['get-aws-role-arns', 'bake'],
  ['get-aws-role-arns', '--help'],
  ['get-aws-role-arns', 'nobody', '--json'],
]

const { load, scripts } = require(process.argv[2])
const said = []
const { write } = process.stderr
process.stdout.write = () => true
process.stderr.write = (text) => said.push(text) > 0
bake().catch((failure) => {
  process.stderr.write = write
  console.error(...said, failure)
  process.exit(1)
})

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
