import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { admin, adminJson, type Run, temporaryDirectory } from './admin.ts'
import { CLIENT_ID } from './openid-login.ts'

/** A host of its own that trusts one issuer: configuration, store and cache in a temporary directory. */
export interface SsoHost {
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly store: string
  readonly cache: string
  readonly vaultKey: string
  /** `admin …` in text mode. */
  readonly run: (argv: readonly string[], options?: HostRunOptions) => Promise<Run>
  readonly runJson: (argv: readonly string[], options?: HostRunOptions) => ReturnType<typeof adminJson>
  /** `sso apply-claims` with the token in a file, in JSON mode. */
  readonly apply: (token: string, ...argv: readonly string[]) => ReturnType<typeof adminJson>
  /** The audit log, newest first. */
  readonly events: () => Promise<readonly LoggedEvent[]>
  readonly tokenFile: (token: string) => string
}

export interface HostRunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface LoggedEvent {
  readonly action: string
  readonly username: string | null
  readonly before: unknown
  readonly after: unknown
  readonly details: Readonly<Record<string, unknown>> | null
}

const hosts = temporaryDirectory()

export function ssoHost(issuer: string, settings: Readonly<Record<string, unknown>> = {}): SsoHost {
  const directory = mkdtempSync(join(hosts, 'host-'))
  const [store, cache, config] = ['admin.db', 'cache', 'config.yaml'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  const sso = { issuer, clientId: CLIENT_ID, allowInsecureLoopback: true, ...settings }
  writeFileSync(config, JSON.stringify({ sso }), { mode: 0o600 })
  const vaultKey = join(directory, 'keys', 'vault.key')
  const env = {
    ADMIN_DATABASE: store,
    ADMIN_CONFIG: config,
    ADMIN_CACHE_DIRECTORY: cache,
    ADMIN_VAULT_KEY_FILE: vaultKey,
  }
  let files = 0
  const tokenFile = (token: string) => {
    files += 1
    const file = join(directory, `token-${files}`)
    writeFileSync(file, `${token}\n`, { mode: 0o600 })
    return file
  }
  const withEnv = (options: HostRunOptions = {}) => ({ ...options, env: { ...env, ...options.env } })
  const runJson: SsoHost['runJson'] = (argv, options) => adminJson(argv, withEnv(options))
  return {
    directory,
    env,
    store,
    cache,
    vaultKey,
    run: (argv, options) => admin(argv, withEnv(options)),
    runJson,
    apply: (token, ...argv) => runJson(['sso', 'apply-claims', '--id-token-file', tokenFile(token), ...argv]),
    events: async () => (await runJson(['audit', 'log'])).json,
    tokenFile,
  }
}

/** `sso apply-claims` in text and in JSON mode, which must both refuse the token, with nothing on stdout but the JSON. */
export async function refusedInBothModes(host: SsoHost, token: string, argv: readonly string[]) {
  const command = ['sso', 'apply-claims', ...argv, '--id-token-file', host.tokenFile(token)]
  const [text, { json, exitCode }] = [await host.run(command), await host.runJson(command)]
  if (text.exitCode !== 9 || exitCode !== 9 || text.stdout !== '') {
    throw new Error(`not refused: exit ${text.exitCode} and ${exitCode}, ${text.stdout}${text.stderr}`)
  }
  return { text, json }
}

/** Everything that the store's files hold, as text. */
export function storeText(host: SsoHost): string {
  return [host.store, `${host.store}-wal`].map((file) => readIfThere(file)).join('')
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
