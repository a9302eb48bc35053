#!/usr/bin/env node
/**
 * Adds to package-lock.json the optional platform packages that npm left out.
 *
 * `npm install` records an optional package only if the registry at hand serves it; a mirror that
 * carries one platform therefore writes a lockfile that `npm ci` refuses elsewhere ("Missing: … from
 * lock file", npm/cli#4828). Run this after each change of a dependency: `node packaging/complete-lockfile.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const OPERATING_SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
]
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32']

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const { packages } = lockfile
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`]
    if (known !== undefined) continue
    if (/^\d/.test(version)) packages[`node_modules/${name}`] = platformEntry(name, version, entry.dev === true)
    else console.error(`${name}@${version} is a range, not a version; left out`)
  }
}
lockfile.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`)

function platformEntry(name, version, isDevelopment) {
  const words = name.split(/[/-]/)
  const os = OPERATING_SYSTEMS.filter((system) => words.includes(system))
  const cpu = PROCESSORS.filter((processor) =>
    words.some((word) => word === processor || (processor === 'arm' && /^arm/.test(word) && word !== 'arm64')),
  )
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(isDevelopment && { dev: true }),
    optional: true,
    ...(os.length > 0 && { os }),
  }
}
