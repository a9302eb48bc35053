import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * 1 to 128 of `[A-Za-z0-9._-]` (Amazon Athena API reference, CreateWorkGroup, Name).
 *
 * @throws AdminError INVALID_ATHENA_NAME
 */
export function parseAthenaWorkgroup(text: string): string {
  return accept(text, 'an Athena workgroup', /^[A-Za-z0-9._-]{1,128}$/, '1 to 128 letters, digits and ._-')
}

/**
 * 1 to 127 letters, digits, `_`, `@` and `-` (Amazon Athena API reference, CreateDataCatalog, Name).
 *
 * @throws AdminError INVALID_ATHENA_NAME
 */
export function parseDataCatalog(text: string): string {
  return accept(text, 'an Athena data catalog', /^[\w@-]{1,127}$/, '1 to 127 letters, digits and _@-')
}

/**
 * Glue keeps names in lower case, and policies compare them as they are (AWS Glue API reference, DatabaseInput, Name).
 *
 * @throws AdminError INVALID_ATHENA_NAME
 */
export function parseGlueDatabase(text: string): string {
  return accept(text, 'a Glue database', /^[a-z0-9._-]{1,255}$/, '1 to 255 lower-case letters, digits and ._-')
}

function accept(text: string, what: string, shape: RegExp, expected: string): string {
  if (shape.test(text)) return text
  throw new AdminError('INVALID_ATHENA_NAME', `${quote(text)} is not ${what}: expected ${expected}`)
}
