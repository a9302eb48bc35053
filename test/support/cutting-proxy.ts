import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and cuts the line where it is told to. */
export interface CuttingProxy {
  readonly port: number
  /** At the next message of the client that contains the text: before it is passed on, or after, with no answer. */
  readonly cutAt: (text: string, when: 'before' | 'after', isForGood?: boolean) => void
  readonly stop: () => Promise<void>
}

export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let cut: { readonly text: string; readonly when: 'before' | 'after'; readonly isForGood: boolean } | null = null
  let isShut = false
  const server = createServer((client) => {
    if (isShut) {
      client.destroy()
      return
    }
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    upstream.on('data', (chunk) => client.write(chunk))
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.end())
    client.on('data', (chunk: Buffer) => {
      if (cut === null || !chunk.includes(cut.text)) return upstream.write(chunk)
      const { when, isForGood } = cut
      cut = null
      isShut = isForGood
      client.destroy()
      return when === 'after' ? upstream.write(chunk) : upstream.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cutAt: (text, when, isForGood = false) => {
      cut = { text, when, isForGood }
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
