import { Agent as HttpAgent } from 'node:http'
import { type AgentOptions, Agent as HttpsAgent } from 'node:https'

const CONNECTION_TIMEOUT = 5000
const REQUEST_TIMEOUT = 30_000

/**
 * How requests travel: connections are kept, and HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured by Node itself
 * (Node.js documentation, "Built-in proxy support": Agent option `proxyEnv`; older versions ignore it).
 */
export function requestHandler(environment: NodeJS.ProcessEnv) {
  const options: AgentOptions = { keepAlive: true, proxyEnv: environment }
  return {
    connectionTimeout: CONNECTION_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    httpAgent: new HttpAgent(options),
    httpsAgent: new HttpsAgent(options),
  }
}
