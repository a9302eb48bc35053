import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer } from '../support/arns.ts'
import { sqlite } from '../support/sqlite.ts'

// These tests become other users, which only root can: elsewhere they fail rather than pass unseen.
const nobody = { uid: 65534, gid: 65534 }
const reader = { uid: 65533, gid: 4242 }
const directory = temporaryDirectory()
chmodSync(directory, 0o755)

async function rootsStore() {
  const file = join(directory, randomUUID(), 'admin.db')
  await admin(['set-aws-role-arns', 'alice', analyst, '--database', file])
  return file
}

describe('a person without rights', () => {
  const commands: readonly (readonly string[])[] = [
    ['set-aws-role-arns', 'alice', engineer],
    ['get-aws-role-arns', 'alice'],
    ['unset-aws-role-arns', 'alice'],
    ['audit', 'log'],
    ['audit', 'verify'],
    ['store', 'status'],
    ['store', 'migrate'],
    ['store', 'backup', '/tmp/never-written.db'],
  ]

  test.each(commands.map((argv) => [argv.join(' '), argv] as const))(
    'who runs %s gets one clear line, what to do, and exit 6',
    async (_, argv) => {
      const file = await rootsStore()
      const text = await admin([...argv, '--database', file], nobody)
      expect(text).toMatchObject({ exitCode: 6, stdout: '' })
      expect(text.stderr).toMatch(/^Error: you may not .*\n {2}try: sudo admin .*\n$/)
      const { json, exitCode } = await adminJson([...argv, '--database', file], nobody)
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_STORE' })
      expect(json.error.suggestions).toEqual([`sudo admin ${argv.join(' ')} --database ${file} --json`])
      expect(sqlite(file, 'SELECT count(*) AS events FROM events')).toEqual([{ events: 1 }])
    },
  )

  test('is refused the same way where the store would have to be made', async () => {
    const barred = join(directory, randomUUID())
    mkdirSync(barred, { mode: 0o755 })
    const { json, exitCode } = await adminJson(
      ['set-aws-role-arns', 'alice', analyst, '--database', join(barred, 'admin.db')],
      nobody,
    )
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_STORE' })
    expect(existsSync(join(barred, 'admin.db'))).toBe(false)
  })
})

describe('a person who may read the store but not write its directory', () => {
  async function sharedStore() {
    const file = await rootsStore()
    for (const path of [dirname(file), file, `${file}-wal`, `${file}-shm`]) chownSync(path, 0, reader.gid)
    await admin(['set-aws-role-arns', 'bob', engineer, '--database', file])
    return file
  }

  test('reads, also after the last writer has left', async () => {
    const file = await sharedStore()
    expect((await admin(['get-aws-role-arns', 'bob', '--database', file], reader)).stdout).toBe(`${engineer}\n`)
    expect((await adminJson(['audit', 'verify', '--database', file], reader)).json.verified).toBe(2)
    expect((await admin(['store', 'status', '--database', file], reader)).exitCode).toBe(0)
  })

  test('cannot write, and is told so', async () => {
    const file = await sharedStore()
    const run = await admin(['set-aws-role-arns', 'bob', analyst, '--database', file], reader)
    expect(run).toMatchObject({ exitCode: 6, stdout: '' })
    expect(run.stderr).toMatch(/^Error: you may not write to the store .*\n {2}try: sudo admin /)
  })

  test('does not keep others from writing', async () => {
    const file = await sharedStore()
    await admin(['audit', 'log', '--database', file], reader)
    expect((await admin(['set-aws-role-arns', 'bob', analyst, '--database', file])).exitCode).toBe(0)
    expect((await admin(['get-aws-role-arns', 'bob', '--database', file], reader)).stdout).toBe(`${analyst}\n`)
  })
})
