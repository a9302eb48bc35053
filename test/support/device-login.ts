import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Run, startAdmin } from './admin.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { CLIENT_SECRET } from './openid-login.ts'
import { type SsoHost, ssoHost } from './sso-host.ts'

/** What the person does who sees the address. `wait`: nothing. */
export type Answer = 'log-in' | 'refuse' | 'wait'

export interface DeviceLogin {
  readonly account?: string
  readonly answer?: Answer
  readonly env?: Readonly<Record<string, string>>
  /** Called with the running program once it has shown the address. */
  readonly onPrompt?: (child: ReturnType<typeof startAdmin>, address: string) => void | Promise<void>
}

/** A host that has the secret of the client, so that people can log in there. */
export function loginHost(idp: IdentityProvider, settings: Readonly<Record<string, unknown>> = {}): SsoHost {
  const host = ssoHost(idp.issuer, settings)
  const clientSecretFile = join(host.directory, 'client-secret')
  writeFileSync(clientSecretFile, `${CLIENT_SECRET}\n`, { mode: 0o600 })
  const { ADMIN_CONFIG: config = '' } = host.env
  const sso = { issuer: idp.issuer, clientId: 'workbench', allowInsecureLoopback: true, clientSecretFile, ...settings }
  writeFileSync(config, JSON.stringify({ sso }), { mode: 0o600 })
  return host
}

/** `admin sso login` and the person with a browser that it waits for. */
export async function deviceLogin(
  idp: IdentityProvider,
  host: SsoHost,
  argv: readonly string[] = [],
  { account = 'alice', answer = 'log-in', env = {}, onPrompt }: DeviceLogin = {},
): Promise<Run> {
  const child = startAdmin(['sso', 'login', ...argv], { env: { ...host.env, ...env } })
  child.stdin?.end()
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk
  })
  const answered = new Promise<void>((resolve, reject) => {
    let isAnswered = false
    child.stderr?.on('data', (chunk: Buffer) => {
      output.stderr += chunk
      const [, address] = /or open (\S+)\n/.exec(output.stderr) ?? []
      if (address === undefined || isAnswered) return
      isAnswered = true
      const work = async () => {
        await onPrompt?.(child, address)
        if (answer !== 'wait') await idp.answerDevice(address, account, answer === 'refuse')
      }
      work().then(resolve, reject)
    })
    child.on('close', () => resolve())
  })
  const ended = new Promise<Pick<Run, 'exitCode' | 'signal'>>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  await answered
  return { ...(await ended), ...output }
}
