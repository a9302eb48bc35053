import type { KnownError } from './known-error.ts'

/** Of this host: the store in SQLite and the program itself. */
export const hostErrors = (): readonly KnownError[] => [
  {
    id: 'store-read-only',
    pattern: /SQLITE_READONLY(?:_DIRECTORY|_DBMOVED)?|attempt to write a readonly database/,
    meaning: 'the file of the store, or its directory, may not be written to by this user',
    causes: ['the store of the system belongs to root', 'the disk is mounted read-only'],
    checks: ['admin store status', 'ls -ld /var/lib/admin /var/lib/admin/admin.db', 'sudo admin store status'],
    source: 'SQLite documentation, "Result and Error Codes"',
  },
  {
    id: 'store-locked',
    pattern: /SQLITE_BUSY(?:_SNAPSHOT|_RECOVERY|_TIMEOUT)?|database is locked/,
    meaning: 'another process is writing to the store, and did not end in time',
    causes: [
      'a long import or copy',
      'a process that hangs or was stopped while it wrote',
      'a network file system, where locks do not work',
    ],
    checks: ['admin store status', 'fuser -v /var/lib/admin/admin.db'],
    source: 'better-sqlite3#155, #250',
  },
  {
    id: 'addon-missing',
    pattern:
      /(?:Could not locate the )?bindings file|version `GLIBC_[\d.]{1,8}' not found|NODE_MODULE_VERSION|ERR_DLOPEN_FAILED/,
    meaning: 'the compiled part of the SQLite library does not fit this host, or is not there',
    causes: [
      'it was installed with another version of Node.js',
      'the system is older than what it was compiled for',
      'npm was told to run no scripts',
    ],
    checks: ['admin --version', 'node --version', 'ldd --version'],
    source: 'better-sqlite3#403, #1326, #1382',
  },
]
