import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { projectRoot, temporaryDirectory } from './support/admin.ts'
import { analyst } from './support/arns.ts'
import { testAsRoot } from './support/people.ts'

const directory = temporaryDirectory()
const script = join(projectRoot, 'packaging', 'install.sh')

describe('packaging/install.sh', () => {
  test('installs a program that needs nothing else, and replaces an older one', () => {
    const prefix = join(directory, 'a prefix')
    install(prefix)
    writeFileSync(join(prefix, 'lib', 'admin', 'of-the-older-version'), '')
    expect(install(prefix)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('installed admin/'),
    })
    expect(readdirSync(join(prefix, 'lib'))).toEqual(['admin'])
    expect(readdirSync(join(prefix, 'bin'))).toEqual(['admin'])
    expect(existsSync(join(prefix, 'lib', 'admin', 'of-the-older-version'))).toBe(false)

    const store = ['--database', join(directory, 'admin.db')]
    expect(installed(prefix, ['set-aws-role-arns', 'alice', analyst, ...store]).status).toBe(0)
    expect(installed(prefix, ['get-aws-role-arns', 'alice', ...store]).stdout).toBe(`${analyst}\n`)
  })

  test('starts with switches under which the code cache is still accepted', () => {
    const prefix = join(directory, 'switches')
    install(prefix)
    const launcher = readFileSync(join(prefix, 'bin', 'admin'), 'utf8')
    const switches = launcher.match(/(?<= )--\S+/g) ?? []
    const dist = join(prefix, 'lib', 'admin', 'dist')
    const bundle = readdirSync(dist).find((name) => /^main-[0-9A-Z]+\.cjs$/.test(name)) ?? 'no bundle'
    const program = `
      const { readFileSync } = require('node:fs')
      const source = require('node:module').wrap(readFileSync(${JSON.stringify(join(dist, bundle))}, 'latin1'))
      const cachedData = readFileSync(${JSON.stringify(join(dist, `${bundle}.cache`))})
      console.log(new (require('node:vm').Script)(source, { cachedData }).cachedDataRejected)`
    const node = join(prefix, 'lib', 'admin', 'bin', 'node')
    expect(run(node, [...switches, '-e', program]).stdout).toBe('false\n')
  })

  testAsRoot('belongs to root, is for everybody to run and for nobody else to change', () => {
    const prefix = join(directory, 'modes')
    mkdirSync(prefix, { mode: 0o755 })
    install(prefix, { umask: '077' })
    for (const name of ['', ...readdirSync(prefix, { recursive: true, encoding: 'utf8' })]) {
      const { mode, uid, gid } = statSync(join(prefix, name))
      const expected = 0o044
      expect({ name, uid, gid, writable: mode & 0o022, readable: mode & expected }).toEqual({
        name,
        uid: 0,
        gid: 0,
        writable: 0,
        readable: expected,
      })
    }
  })

  const analyze = '/usr/bin/systemd-analyze'
  const hasSystemd = existsSync(analyze)
  if (!hasSystemd) process.stderr.write('SKIPPED, as systemd-analyze is not there: the units of systemd\n')
  const testWithSystemd = hasSystemd ? test : test.skip

  testWithSystemd('brings units that systemd understands, for a prefix of any name', () => {
    const prefix = join(directory, '50%s "of" $a\\b&|')
    install(prefix)
    const units = ['service', 'timer'].map((kind) =>
      join(prefix, 'lib', 'admin', 'systemd', `admin-sso-refresh.${kind}`),
    )
    expect(run(analyze, ['verify', '--man=no', ...units])).toMatchObject({ status: 0, stderr: '' })
    const [service = ''] = units
    expect(run(analyze, ['security', '--offline=yes', '--threshold=40', service])).toMatchObject({ status: 0 })
    expect(readFileSync(service, 'utf8')).not.toContain('@PREFIX@')
  })

  test('removes what it installed', () => {
    const prefix = join(directory, 'removed')
    install(prefix)
    expect(run('sh', [script, '--remove', prefix]).status).toBe(0)
    expect(readdirSync(join(prefix, 'lib'))).toEqual([])
    expect(readdirSync(join(prefix, 'bin'))).toEqual([])
  })

  test('says what it removed, and where there was nothing to remove', () => {
    const prefix = join(directory, 'twice')
    install(prefix)
    expect(run('sh', [script, '--remove', prefix]).stdout).toBe(
      `removed ${prefix}/bin/admin\nremoved ${prefix}/lib/admin\n`,
    )
    expect(run('sh', [script, '--remove', prefix])).toMatchObject({
      status: 0,
      stdout: `nothing to remove in ${prefix}\n`,
    })
  })

  test('neither removes nor replaces a directory that is not ours', () => {
    const prefix = join(directory, 'foreign')
    mkdirSync(join(prefix, 'lib', 'admin'), { recursive: true })
    writeFileSync(join(prefix, 'lib', 'admin', 'precious'), '')
    for (const { status, stderr } of [install(prefix), run('sh', [script, '--remove', prefix])])
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('belongs to another program') })
    expect(readdirSync(prefix, { recursive: true })).toContain('lib/admin/precious')
  })

  test.each(['--help', '-h'])('%s tells how it is used', (flag) => {
    const { status, stdout, stderr } = run('sh', [script, flag])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('sudo packaging/install.sh --remove [PREFIX]')
    expect(stdout).not.toContain('#')
  })

  test('leaves another program of the same name alone', () => {
    const prefix = join(directory, 'taken')
    mkdirSync(join(prefix, 'bin'), { recursive: true })
    writeFileSync(join(prefix, 'bin', 'admin'), '#!/bin/sh\necho something else\n')
    expect(install(prefix)).toMatchObject({ status: 1, stderr: expect.stringContaining('is another program') })
    expect(run('sh', [script, '--remove', prefix]).status).toBe(1)
    expect(readdirSync(prefix)).toEqual(['bin'])
  })

  test('says what to do where nothing was built', () => {
    const clone = join(directory, 'clone')
    cpSync(script, join(clone, 'packaging', 'install.sh'))
    const prefix = join(directory, 'unbuilt')
    const { status, stderr } = run('sh', [join(clone, 'packaging', 'install.sh'), prefix])
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('npm run setup') })
    expect(existsSync(prefix)).toBe(false)
  })
})

function install(prefix: string, { umask = '022' } = {}) {
  return run('sh', ['-c', 'umask "$1"; exec sh "$2" "$3"', 'sh', umask, script, prefix])
}

function installed(prefix: string, argv: readonly string[]) {
  return run(join(prefix, 'bin', 'admin'), argv)
}

/** With the path that sudo searches: none of the project's own tools is in it. */
function run(file: string, argv: readonly string[]) {
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/nonexistent',
    NO_COLOR: '1',
  }
  return spawnSync(file, argv, { env, cwd: '/', encoding: 'utf8' })
}
