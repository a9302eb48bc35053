import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { addressOfRdsAuthorities } from '../iam/rds-authorities.ts'

const PLACE = '/etc/ssl/rds'
/** Where administrators put it; nothing installs it of itself. */
const PLACES = [PLACE, '/etc/pki/rds', '/usr/share/rds', '/usr/local/share/rds']
const BEGINNING = 64 * 1024

export interface BundleSearch {
  /** Of `--ca-bundle`, else of the configuration. */
  readonly named: string | null
  readonly region: string
  /** Where to look where none is named; those that are usual unless said otherwise. */
  readonly places?: readonly string[]
}

/**
 * The file with the authorities of RDS, which stand in no trust store of an operating system or of Node.js. Its path is
 * absolute: what is made of it is used in other directories.
 *
 * @throws AdminError NOT_FOUND_CA_BUNDLE, DENIED_FILE, INVALID_CONFIG
 */
export function requireCaBundle(search: BundleSearch): string {
  const found = findCaBundle(search)
  if (found !== null) return found
  const { region, places = PLACES } = search
  const address = addressOfRdsAuthorities(region)
  const where = address ?? 'the RDS user guide of that partition says where it is to be had'
  const lines = [
    `the certificates of the authorities of RDS are not here: looked for global-bundle.pem and ${region}-bundle.pem in ${places.join(', ')}`,
    `without them nobody can tell whether it is the database that answers: ${where}`,
  ]
  throw new AdminError('NOT_FOUND_CA_BUNDLE', lines.join('\n'), {
    suggestions:
      address === null ? [] : [`sudo curl --fail --create-dirs --output ${PLACE}/global-bundle.pem ${address}`],
    details: { places, url: address },
  })
}

/**
 * As {@link requireCaBundle}, but `null` where none was named and none is in the usual places.
 *
 * @throws AdminError NOT_FOUND_CA_BUNDLE, DENIED_FILE, INVALID_CONFIG where one that was named will not do
 */
export function findCaBundle({ named, region, places = PLACES }: BundleSearch): string | null {
  const file = named === null ? candidates(region, places).find((candidate) => existsSync(candidate)) : resolve(named)
  if (file !== undefined) checkBundle(file)
  return file ?? null
}

function candidates(region: string, places: readonly string[]): readonly string[] {
  return places.flatMap((place) => [join(place, 'global-bundle.pem'), join(place, `${region}-bundle.pem`)])
}

/** The clients themselves would say little more than that the connection failed. */
function checkBundle(file: string): void {
  if (beginningOf(file).includes('-----BEGIN CERTIFICATE-----')) return
  throw new AdminError(
    'INVALID_CONFIG',
    `${quote(file)} is no bundle of certificates: expected PEM, -----BEGIN CERTIFICATE-----`,
  )
}

function beginningOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(BEGINNING)
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, BEGINNING, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const isMissing = !existsSync(file)
    const message = isMissing ? `there is no bundle of certificates ${quote(file)}` : `you may not read ${quote(file)}`
    throw new AdminError(isMissing ? 'NOT_FOUND_CA_BUNDLE' : 'DENIED_FILE', message, { cause: error })
  }
}
