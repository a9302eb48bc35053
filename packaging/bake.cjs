/**
 * Runs the program once in each of its usual ways and writes the V8 code caches of what ran: bake.cjs LAUNCHER. A
 * function that did not run here is compiled when it is first needed.
 */
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join, resolve } = require('node:path')
const { setFlagsFromString } = require('node:v8')

const ARN = 'arn:aws:iam::123456789012:role/bake'
const LOGIN = { preferred_username: 'bake', sub: 'bake', aws_role_arn: [ARN] }
const KEYS = '[bake]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = bake\n'
const CONFIG = 'sso:\n  issuer: https://sso.example.com\n  clientId: bake\n'

const EVERYDAY = [
  ['set-aws-role-arns', 'bake', ARN],
  ['get-aws-role-arns', 'bake'],
  ['get-aws-role-arns', '--help'],
  ['get-aws-role-arns', 'nobody', '--json'],
  ['audit', 'log', '--limit', '1'],
  ['audit', 'who-has', ARN],
]
const RDS_TOKEN = [
  ...['rds', 'token', '--username', 'bake', '--port', '5432'],
  ...['--hostname', 'bake.abcdefghijkl.us-east-1.rds.amazonaws.com'],
]
const OTHERS = [
  ['audit', 'verify'],
  ['store', 'status'],
  ['sso', 'rehearse', '--claims', 'claims.jsonl', '--config', 'config.yaml'],
  [
    'provision',
    'init',
    'spec.yaml',
    ...['--issuer', 'https://sso.example.com', '--client-id', 'bake', '--role', 'bake'],
  ],
  ['provision', 'permissions', 'spec.yaml'],
  RDS_TOKEN,
  [...RDS_TOKEN, '--profile', 'bake'],
]
/** What a command loads when it has opened an AWS account. */
const CLIENTS = /^aws-sdk-(?!rds-signer|credential-chain|environment-keys)/

const { load, names, scripts } = require(process.argv[2])
const said = []
const { write } = process.stderr
process.stdout.write = () => true
process.stderr.write = (text) => said.push(text) > 0
inFolderOfItsOwn(bake).catch((failure) => {
  process.stderr.write = write
  console.error(...said, failure)
  process.exit(1)
})

async function inFolderOfItsOwn(work) {
  const folder = mkdtempSync(join(tmpdir(), 'admin-bake-'))
  try {
    process.chdir(folder)
    await work()
  } finally {
    process.chdir('/')
    rmSync(folder, { recursive: true })
  }
}

async function bake() {
  writeFileSync('claims.jsonl', JSON.stringify(LOGIN))
  writeFileSync('config.yaml', CONFIG)
  writeFileSync('credentials', KEYS)
  process.env.AWS_SHARED_CREDENTIALS_FILE = resolve('credentials')
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'bake' })
  delete process.env.AWS_PROFILE
  for (const command of EVERYDAY) await run(command)
  // Now, for V8 forgets what has not run for a while.
  const everyday = writeCaches([])
  for (const command of OTHERS) await run(command)
  await runFrequent()
  // What a command with a spec sets for itself.
  setFlagsFromString('--semi-space-growth-factor=2')
  for (const name of names.filter((one) => !CLIENTS.test(one))) load(name)
  const done = writeCaches(everyday)
  // As src/cli/keep-nursery-small.ts sets it: V8 refuses a cache made under other settings.
  setFlagsFromString('--semi-space-growth-factor=1')
  for (const name of names) load(name)
  writeCaches(done)
}

/** From a cache, as nearly every run of it is. */
async function runFrequent() {
  process.env.ADMIN_CACHE_DIRECTORY = resolve('cache')
  const inputs = { roleArn: ARN, roleSessionName: 'bake', subject: null, username: 'bake' }
  const value = { accessKeyId: 'A', secretAccessKey: 'b', sessionToken: 'c', expiration: '2999-01-01T00:00:00Z' }
  mkdirSync('cache/credentials', { recursive: true, mode: 0o700 })
  writeFileSync(join('cache/credentials', cacheName(inputs)), JSON.stringify({ inputs, value }), { mode: 0o600 })
  await run(['session', 'credentials', 'bake', '--config', 'config.yaml'])
}

/** As src/sessions/credential-cache.ts names it; the inputs are sorted by their names. */
function cacheName(inputs) {
  const bytes = Buffer.from(JSON.stringify(Object.entries(inputs)))
  const hashes = [0x811c9dc5, 0x3d4d51cb].map((basis) =>
    bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), basis),
  )
  return `session-${hashes.map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('')}.json`
}

async function run(command) {
  await load('main').main([...command, '--database', 'admin.db'])
  if (process.exitCode !== undefined) throw new Error(`the bake run failed: ${command.join(' ')}`)
}

function writeCaches(done) {
  const files = Object.keys(scripts)
  for (const file of files.filter((one) => !done.includes(one)))
    writeFileSync(`${file}.cache`, scripts[file].createCachedData())
  return files
}
