/**
 * The answers of AWS about a thousand roles are garbage at once. A nursery that grows with them takes 60 MB more and
 * saves no time (V8: the young generation of the heap). Before the clients are loaded: their code caches are made so.
 */
export async function keepNurserySmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
}
