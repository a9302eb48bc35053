import { statfsSync } from 'node:fs'
import { AdminError } from '../../errors.ts'

/**
 * File systems on which SQLite's locks and shared memory cannot be trusted, by the magic number of statfs(2).
 * SQLite, "Write-Ahead Logging": all processes using a database must be on the same host computer.
 */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x01021997: '9P',
  0x5346414f: 'AFS',
  0x00c36400: 'CephFS',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS',
  0x01161970: 'GFS2',
  0x7461636f: 'OCFS2',
  0x65735546: 'FUSE',
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
