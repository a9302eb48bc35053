import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from './admin.ts'

/** The same question by another client, of another maker, in another language. */
export async function askByBoto(
  env: Readonly<Record<string, string>>,
  service: string,
  operation: string,
  parameters: object,
) {
  const python = join(projectRoot, '.venv', 'bin', 'python')
  const argv = [join(import.meta.dirname, 'boto.py'), service, operation, JSON.stringify(parameters)]
  const { stdout } = await promisify(execFile)(python, argv, {
    env: { PATH: process.env.PATH ?? '', ...env, AWS_DEFAULT_REGION: env.AWS_REGION },
  })
  return JSON.parse(stdout)
}
