/**
 * A spec of a thousand roles, and what AWS answers about them, are garbage at once. A nursery that grows with them takes
 * 60 MB more and saves no time (V8: the young generation of the heap). It does not become smaller again, so this comes
 * before anything large is read; and before the clients of AWS are loaded, whose code caches are made so.
 */
export async function keepNurserySmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
}
