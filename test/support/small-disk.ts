import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@jest/globals'

/** A test that needs a disk of its own. Where none can be mounted it is skipped, and says so. */
export function testWithDisk(title: string, work: () => Promise<void>): void {
  const isPossible = canMount()
  if (!isPossible) process.stderr.write(`SKIPPED, as it needs the right to mount a disk: ${title}\n`)
  const declare = isPossible ? test : test.skip
  declare(title, work, 60_000)
}

/**
 * A disk in memory, of so many kilobytes, of which so many are taken, with room for so many files and directories, itself
 * included (0: any number); it is gone when the work is done.
 */
export async function withSmallDisk<T>(
  { kilobytes, taken = 0, files = 0 }: { readonly kilobytes: number; readonly taken?: number; readonly files?: number },
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'admin-disk-'))
  run('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,nr_inodes=${files}`, 'tmpfs', directory])
  try {
    if (taken > 0) writeFileSync(join(directory, 'taken'), Buffer.alloc(taken * 1024))
    return await work(directory)
  } finally {
    run('umount', ['--lazy', directory])
    rmdirSync(directory)
  }
}

export function remountReadOnly(directory: string): void {
  run('mount', ['-o', 'remount,ro', directory])
}

function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'admin-disk-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', directory]).status === 0
  if (isMounted) spawnSync('umount', ['--lazy', directory])
  rmdirSync(directory)
  return isMounted
}

function run(command: string, argv: readonly string[]): void {
  const { status, stderr } = spawnSync(command, argv, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${argv.join(' ')}: ${stderr}`)
}
