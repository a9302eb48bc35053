import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer } from '../support/arns.ts'
import { closeToStrangers, openToReader, reader, stranger } from '../support/people.ts'
import { sqlite } from '../support/sqlite.ts'
import { newStore } from '../support/store.ts'

const directory = temporaryDirectory()
chmodSync(directory, 0o755)

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
      const file = await newStore(directory)
      const reopen = closeToStrangers(file)
      const text = await admin([...argv, '--database', file], stranger())
      const json = await adminJson([...argv, '--database', file], stranger())
      reopen()
      expect(text).toMatchObject({ exitCode: 6, stdout: '' })
      expect(text.stderr).toMatch(/^Error: you may not .*\n {2}try: sudo admin .*\n$/)
      expect(json).toMatchObject({ exitCode: 6, json: { error: { code: 'DENIED_STORE' } } })
      expect(json.json.error.suggestions).toEqual([`sudo admin ${argv.join(' ')} --database ${file} --json`])
      expect(sqlite(file, 'SELECT count(*) AS events FROM events')).toEqual([{ events: 1 }])
    },
  )

  test('is told of the store that the environment named, which sudo would not know', async () => {
    const file = await newStore(directory)
    const reopen = closeToStrangers(file)
    const { json } = await adminJson(['audit', 'log'], { ...stranger(), env: { ADMIN_DATABASE: file } })
    reopen()
    expect(json.error.suggestions).toEqual([`sudo admin --database ${file} audit log --json`])
  })

  test('is refused the same way where the store would have to be made', async () => {
    const barred = join(directory, randomUUID())
    mkdirSync(barred)
    chmodSync(barred, 0o555)
    const { json, exitCode } = await adminJson(
      ['set-aws-role-arns', 'alice', analyst, '--database', join(barred, 'admin.db')],
      stranger(),
    )
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_STORE' })
    expect(existsSync(join(barred, 'admin.db'))).toBe(false)
  })
})

describe('a person who may read the store but not write its directory', () => {
  test('reads, also after the last writer has left', async () => {
    const file = await newStore(directory)
    const undo = openToReader(file)
    const get = await admin(['get-aws-role-arns', 'alice', '--database', file], reader())
    const verify = await adminJson(['audit', 'verify', '--database', file], reader())
    const status = await admin(['store', 'status', '--database', file], reader())
    undo()
    expect(get.stdout).toBe(`${analyst}\n`)
    expect(verify.json.verified).toBe(1)
    expect(status.exitCode).toBe(0)
  })

  test('cannot write, and is told so', async () => {
    const file = await newStore(directory)
    const undo = openToReader(file)
    const run = await admin(['set-aws-role-arns', 'alice', engineer, '--database', file], reader())
    undo()
    expect(run).toMatchObject({ exitCode: 6, stdout: '' })
    expect(run.stderr).toMatch(/^Error: you may not write to the store .*\n {2}try: sudo admin /)
  })

  test('does not keep others from writing, and sees what they wrote', async () => {
    const file = await newStore(directory)
    const undoFirst = openToReader(file)
    await admin(['audit', 'log', '--database', file], reader())
    undoFirst()
    expect((await admin(['set-aws-role-arns', 'bob', engineer, '--database', file])).exitCode).toBe(0)
    const undo = openToReader(file)
    const get = await admin(['get-aws-role-arns', 'bob', '--database', file], reader())
    undo()
    expect(get.stdout).toBe(`${engineer}\n`)
  })
})
