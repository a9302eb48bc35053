import { spawn } from 'node:child_process'
import Database from 'better-sqlite3'

/** What became of many commands that ran at once. */
export interface CrowdResult {
  readonly perSecond: number
  /** Commands that did not end with exit code 0, or that said anything on stderr. */
  readonly complaints: readonly string[]
  /** People whose command was acknowledged and who are not in the store as they were set. */
  readonly lost: readonly string[]
}

export interface CrowdRequest {
  /** The program and what stands before every command. */
  readonly program: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly database: string
  readonly commands: number
  readonly atOnce: number
  readonly roleArn: string
}

/** Gives each of many people a role, each by a process of its own, so many at once, and looks what the store holds. */
export async function runCrowd(request: CrowdRequest): Promise<CrowdResult> {
  const waiting = Array.from({ length: request.commands }, (_, index) => `crowd-${index + 1}`)
  const acknowledged: string[] = []
  const complaints: string[] = []
  const started = performance.now()
  const worker = async () => {
    for (let username = waiting.pop(); username !== undefined; username = waiting.pop()) {
      const { exitCode, stderr } = await setRole(request, username)
      if (exitCode === 0) acknowledged.push(username)
      if (exitCode !== 0 || stderr !== '') complaints.push(`${username}: exit ${exitCode} ${stderr.trim()}`)
    }
  }
  await Promise.all(Array.from({ length: request.atOnce }, worker))
  const seconds = (performance.now() - started) / 1000
  return { perSecond: request.commands / seconds, complaints, lost: missing(request, acknowledged) }
}

async function setRole({ program, env, database, roleArn }: CrowdRequest, username: string) {
  const [file = '', ...before] = program
  const argv = [...before, 'set-aws-role-arns', username, roleArn, '--database', database]
  const child = spawn(file, argv, { env: { ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { exitCode, stderr }
}

/** Each must have the role, and the log must hold exactly one event of theirs. */
function missing({ database: path, roleArn }: CrowdRequest, usernames: readonly string[]): readonly string[] {
  const database = new Database(path, { readonly: true })
  try {
    const found = database
      .prepare(
        `SELECT count(*) FROM users u
         JOIN assignment_roles ar ON ar.user_id = u.id
         JOIN roles r ON r.id = ar.role_id
         JOIN events e ON e.username = u.username
         WHERE u.username = ? AND r.arn = ?`,
      )
      .pluck()
    return usernames.filter((username) => found.get(username, roleArn) !== 1)
  } finally {
    database.close()
  }
}
