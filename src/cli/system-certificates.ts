import { existsSync } from 'node:fs'
import { SYSTEM_CERTIFICATES } from '../databases/redshift/connection-strings.ts'

/** Where Debian, Red Hat, SUSE, Alpine and macOS keep the authorities that they trust (Go, crypto/x509, root_linux.go). */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** The file that the person named for libpq, else that of the system: libpq before version 16 does not find it by itself. */
export function rootCertificates({ PGSSLROOTCERT: named }: NodeJS.ProcessEnv): string {
  return named || (BUNDLES.find((file) => existsSync(file)) ?? SYSTEM_CERTIFICATES)
}
