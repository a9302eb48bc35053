import { Agent as HttpAgent } from 'node:http'
import { type AgentOptions, Agent as HttpsAgent } from 'node:https'

const CONNECTION_TIMEOUT = 5000
const REQUEST_TIMEOUT = 30_000

export interface HttpAgents {
  /** As clients of the SDK take it. Those of one account share the connections. */
  readonly requestHandler: {
    readonly connectionTimeout: number
    readonly requestTimeout: number
    readonly httpAgent: HttpAgent
    readonly httpsAgent: HttpsAgent
  }
  readonly close: () => void
}

/**
 * How requests travel: connections are kept, as many as there are requests at a time (Node.js documentation, Agent
 * option `maxSockets`: no limit), and HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured by Node itself ("Built-in proxy
 * support": Agent option `proxyEnv`; older versions ignore it).
 */
export function httpAgents(environment: NodeJS.ProcessEnv): HttpAgents {
  const options: AgentOptions = { keepAlive: true, proxyEnv: environment }
  const httpAgent = new HttpAgent(options)
  const httpsAgent = new HttpsAgent(options)
  return {
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, httpAgent, httpsAgent },
    close: () => {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}
