import { statfsSync } from 'node:fs'
import { AdminError } from '../../errors.ts'

/**
 * File systems on which SQLite's locks and shared memory cannot be trusted, by the magic number of statfs(2).
 * SQLite, "Write-Ahead Logging": all processes using a database must be on the same host computer.
 */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  16914839: '9P',
  1397113167: 'AFS',
  12805120: 'CephFS',
  198183888: 'Lustre',
  1196443219: 'GPFS',
  18225520: 'GFS2',
  1952539503: 'OCFS2',
  1702057286: 'FUSE',
}

export function networkFileSystem(statfsType: number): string | null {
  // statfs(2) fills a signed word: CIFS comes back negative.
  return NETWORK_FILE_SYSTEMS[statfsType >>> 0] ?? null
}

/** @throws AdminError REFUSED_NETWORK_FILE_SYSTEM */
export function refuseNetworkFileSystem(directory: string): void {
  const name = networkFileSystem(statfsSync(directory).type)
  if (name === null) return
  throw new AdminError(
    'REFUSED_NETWORK_FILE_SYSTEM',
    `${directory} is on a network file system (${name}), where SQLite cannot lock safely\nput the store on a local disk with --database`,
  )
}
