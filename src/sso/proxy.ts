import http from 'node:http'
import { AdminError } from '../errors.ts'

/** Not in the types of every Node that runs us: it came with Node 24.14 and 25.4. */
type HttpWithProxy = typeof http & { readonly setGlobalProxyFromEnv?: () => unknown }

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']

/**
 * Lets `fetch` go through the proxy that the environment names, `NO_PROXY` heeded (Node.js, "Built-in Proxy Support").
 * An older Node does so with `NODE_USE_ENV_PROXY=1`.
 *
 * @throws AdminError INVALID_CONFIG; a proxy's password is not repeated
 */
export function useProxyOfEnvironment(environment: NodeJS.ProcessEnv): void {
  if (!VARIABLES.some((name) => environment[name])) return
  try {
    ;(http as HttpWithProxy).setGlobalProxyFromEnv?.()
  } catch {
    throw new AdminError('INVALID_CONFIG', 'HTTP_PROXY or HTTPS_PROXY in the environment is not the URL of a proxy')
  }
}
