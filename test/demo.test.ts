import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { projectRoot, temporaryDirectory } from './support/admin.ts'

const directory = temporaryDirectory()
const demo = join(projectRoot, 'test', 'demo', 'demo.ts')

describe('the demo', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('cleans up after %s', async (signal) => {
    const own = mkdtempSync(join(directory, 'signal-'))
    const child = spawn(process.execPath, [demo], { env: environment(own), stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.once('data', () => child.kill(signal))
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(130)
    expect(left(own)).toEqual([])
  })

  test('ends quietly where its reader has seen enough', () => {
    const own = mkdtempSync(join(directory, 'head-'))
    const shell = `"${process.execPath}" "${demo}" | head -3`
    const { stderr } = spawnSync('sh', ['-c', shell], { encoding: 'utf8', env: environment(own) })
    expect({ stderr, left: left(own) }).toEqual({ stderr: '', left: [] })
  })
})

function environment(temporary: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: '/nonexistent', TMPDIR: temporary }
}

/** Node keeps its own cache of compiled code there. */
function left(temporary: string): readonly string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('admin-demo-'))
}
