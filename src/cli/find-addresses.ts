/** The addresses of a name, as the system knows them. Fails as `node:dns` does. */
export async function findAddresses(host: string): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises')
  return (await lookup(host, { all: true })).map(({ address }) => address)
}
