import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { analyst } from './arns.ts'
import { loginHost } from './device-login.ts'
import { type EmulatedAws, emulatedAws } from './emulated-aws.ts'
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts'
import { isRoot, loginName } from './people.ts'
import type { SsoHost } from './sso-host.ts'

/** Somebody whom the system knows: a token file needs an owner. Only root can give one to another. */
export const person = isRoot ? 'nobody' : loginName()

/** A host of its own with an identity provider, an AWS, and a place for token files. */
export interface SessionHost extends SsoHost {
  readonly sessions: string
  /** An ID token of the person, who gets these roles by it. */
  readonly logIn: (roleArns?: readonly string[], claims?: Readonly<Record<string, unknown>>) => Promise<string>
  /** `session env` with a token that was handed over, in JSON mode. */
  readonly begin: (token: string, ...argv: readonly string[]) => ReturnType<SsoHost['runJson']>
  /** The files of sessions that are complete, and those that are not. */
  readonly files: () => readonly string[]
}

export interface SessionLab extends EmulatedAws {
  readonly provider: IdentityProvider
  readonly host: () => SessionHost
}

export function sessionLab(): SessionLab {
  let provider: IdentityProvider | undefined
  beforeAll(async () => {
    provider = await startIdentityProvider({
      accounts: {
        [person]: { preferred_username: person, aws_role_arn: [analyst], aws_role_session_name: 'A.Person' },
      },
    })
  })
  afterAll(() => provider?.stop())
  const emulated = emulatedAws()
  const running = () => {
    if (provider === undefined) throw new Error('the identity provider is there only while tests run')
    return provider
  }
  return {
    get aws() {
      return emulated.aws
    },
    get env() {
      return emulated.env
    },
    get reader() {
      return emulated.reader
    },
    get provider() {
      return running()
    },
    host: () => sessionHost(running(), emulated.env),
  }
}

function sessionHost(provider: IdentityProvider, aws: Readonly<Record<string, string>>): SessionHost {
  const { ADMIN_DATABASE: _, ...environment } = aws
  const plain = loginHost(provider)
  const sessions = join(plain.directory, 'run', 'sessions')
  const env = {
    ...environment,
    ...plain.env,
    ADMIN_SESSION_DIRECTORY: sessions,
    ADMIN_VAULT_KEY_FILE: join(plain.directory, 'vault.key'),
  }
  // Others must come as far as the token files.
  chmodSync(join(plain.directory, '..'), 0o711)
  chmodSync(plain.directory, 0o711)
  const runJson: SsoHost['runJson'] = (argv, options) =>
    plain.runJson(argv, { ...options, env: { ...env, ...options?.env } })
  const host: SessionHost = {
    ...plain,
    env,
    sessions,
    run: (argv, options) => plain.run(argv, { ...options, env: { ...env, ...options?.env } }),
    runJson,
    apply: (token, ...argv) => runJson(['sso', 'apply-claims', '--id-token-file', plain.tokenFile(token), ...argv]),
    logIn: async (roleArns = [analyst], claims = {}) => {
      const token = await provider.sign({ preferred_username: person, aws_role_arn: roleArns, ...claims })
      const { exitCode, stdout } = await host.apply(token)
      if (exitCode !== 0) throw new Error(`the login failed: ${stdout}`)
      return token
    },
    begin: (token, ...argv) => runJson(['session', 'env', person, '--id-token-file', plain.tokenFile(token), ...argv]),
    files: () =>
      readdirSync(sessions)
        .filter((name) => name !== '.lock')
        .sort(),
  }
  return host
}
