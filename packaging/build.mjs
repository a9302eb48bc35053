#!/usr/bin/env node
/**
 * Makes what ships, in one step: `dist/admin.cjs` (the launcher), `dist/main-HASH.cjs` (what every run and the everyday
 * commands need), files for the other commands (chunks.mjs) and for each library that is loaded lazily, the V8 code
 * caches of all these, the SQLite addon, and oclif.manifest.json.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { buildChunks } from './chunks.mjs'
import { hashInJavaScript } from './hash-in-javascript.mjs'
import { lazyBuiltins } from './lazy-builtins.mjs'
import { lazyRequires } from './lazy-requires.mjs'
import { writeManifest } from './manifest.mjs'
import { pageTexts } from './page.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
// Built beside and swapped in, for a program that runs meanwhile.
const fresh = join(root, `dist.new.${process.pid}`)
const stale = join(root, `dist.old.${process.pid}`)
const leftOut = join(import.meta.dirname, 'left-out.cjs')

const common = {
  absWorkingDir: root,
  alias: {
    'better-sqlite3': sqliteEntry(),
    debug: join(import.meta.dirname, 'debug-if-asked.cjs'),
    lilconfig: leftOut,
    minimatch: leftOut,
    tinyglobby: leftOut,
    'wsl-utils': leftOut,
  },
  bundle: true,
  charset: 'ascii',
  minify: true,
  // Without its check of the Node version, oclif does not load semver; the launcher checks.
  define: { 'process.env.OCLIF_DISABLE_ENGINE_WARNING': '"1"' },
  entryNames: '[name]-[hash]',
  format: 'cjs',
  legalComments: 'none',
  loader: { '.node': 'copy' },
  assetNames: '[name]',
  logLevel: 'warning',
  metafile: true,
  outdir: fresh,
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  supported: { 'dynamic-import': false },
  target: 'node22.13',
}

process.on('exit', () => {
  for (const directory of [fresh, stale]) rmSync(directory, { recursive: true, force: true })
})
const lazy = new Map()
const leavesOutCredentials = {
  alias: {
    ...common.alias,
    '@aws-sdk/credential-provider-node': leftOut,
    '@aws-sdk/credential-providers': leftOut,
  },
}
// A look at the global `crypto` loads it.
const signer = {
  ...leavesOutCredentials,
  define: { crypto: 'undefined' },
  plugins: [lazyBuiltins(), hashInJavaScript()],
}
const files = await buildChunks(common, [lazyLibraries(), lazyRequires()])
const pageFiles = await pageTexts(root)
const groups = [
  librariesThat(bringsCredentials),
  librariesThat(
    (library) => ![bringsCredentials, findsKeys, signs].some((isOf) => isOf(library)),
    leavesOutCredentials,
  ),
  librariesThat(findsKeys, { plugins: [lazyBuiltins()] }),
  librariesThat(signs, signer),
]
for (const group of groups) Object.assign(files, (await build(group)).metafile.outputs)
await build({
  ...common,
  define: { FILES: JSON.stringify(namesOf(files)) },
  entryNames: '[name]',
  entryPoints: [{ in: 'src/bin/launcher.cts', out: 'admin' }],
  banner: { js: '#!/usr/bin/env node' },
  target: 'node12',
})
chmodSync(join(fresh, 'admin.cjs'), 0o755)
// Before the bake run, which knows the commands by it.
process.env.ADMIN_BUILT_IN = fresh
await writeManifest()
execFileSync(process.execPath, [join(import.meta.dirname, 'bake.cjs'), join(fresh, 'admin.cjs')], {
  stdio: ['ignore', 'ignore', 'inherit'],
})
if (existsSync(dist)) renameSync(dist, stale)
renameSync(fresh, dist)

/** The files without the hashes in their names, for the launcher. */
function namesOf(outputs) {
  const names = Object.keys(outputs).map((path) => basename(path))
  return Object.fromEntries(names.map((name) => [name.replace(/-[0-9A-Z]+\.cjs$/, ''), name]))
}

/** The addon of this platform by its own name: that skips the library's search for it (1 ms of each run). */
function sqliteEntry() {
  const isMusl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined
  const name = `${process.platform}${isMusl ? 'musl' : ''}-${process.arch}`
  return existsSync(join(root, `node_modules/better-sqlite3/prebuilds/${name}.node`))
    ? `better-sqlite3/${name}`
    : 'better-sqlite3'
}

/** Clients of other services are given their credentials: without its search each starts 30 ms sooner. */
function bringsCredentials([, out]) {
  return !out.startsWith('aws-sdk-') || out === 'aws-sdk-iam'
}

/** What signs without asking anybody loads next to nothing of Node.js, and neither does the search for its keys. */
function signs([, out]) {
  return out === 'aws-sdk-rds-signer'
}

function findsKeys([, out]) {
  return out === 'aws-sdk-credential-chain' || out === 'aws-sdk-environment-keys'
}

function librariesThat(isWanted, options = {}) {
  return {
    ...common,
    ...options,
    // The AWS SDK goes by the names of its classes; in the bundle that every run loads, keeping names costs 1 ms.
    keepNames: true,
    define: { ...common.define, ...pageFiles, ...options.define },
    // Its ES modules, unlike what it has for `require`, lose what nothing uses: half of each client.
    mainFields: ['module', 'main'],
    entryPoints: [...lazy].filter(isWanted).map(([path, out]) => ({ in: path, out })),
    external: ['aws-crt'],
  }
}

/**
 * What is imported with `import('library')`, stands in a folder named `sdk`, or is named here (the texts of the report's
 * page, the cursor of PostgreSQL), becomes a file of its own that is read when it is first needed.
 */
function lazyLibraries() {
  return {
    name: 'lazy-libraries',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[@a-z]|\/sdk\/[a-z0-9-]+\.ts$|\/(page-files|patient-cursor)\.ts$/ }, async (request) => {
        const isOurs = request.kind === 'dynamic-import' && !request.importer.includes('/node_modules/')
        if (!isOurs || request.path.startsWith('node:') || request.pluginData === 'seen') return undefined
        const { path } = await resolve(request.path, {
          kind: 'dynamic-import',
          resolveDir: request.resolveDir,
          pluginData: 'seen',
        })
        const name = request.path.replace(/^.*\/(sdk\/[a-z0-9-]+)\.ts$/, 'aws-$1').replace(/\.ts$/, '')
        const out = name.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')
        lazy.set(path, out)
        return { path: out, external: true }
      })
    },
  }
}
