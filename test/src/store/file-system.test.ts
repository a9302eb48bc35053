import { describe, expect, test } from '@jest/globals'
import { networkFileSystem } from '../../../src/store/sqlite/file-system.ts'

describe('a file system for SQLite', () => {
  test.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xff534d42 | 0, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0x65735546, 'FUSE'],
    [0x01021997, '9P'],
  ])('of type 0x%s is refused as %s', (type, name) => {
    expect(networkFileSystem(type)).toBe(name)
  })

  test.each([
    ['ext4', 0xef53],
    ['XFS', 0x58465342],
    ['Btrfs', 0x9123683e],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
    ['ZFS', 0x2fc12fc1],
  ])('may be %s', (_, type) => {
    expect(networkFileSystem(type)).toBeNull()
  })
})
