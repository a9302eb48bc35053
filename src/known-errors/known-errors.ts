import { clientErrors } from './client-errors.ts'
import { connectionErrors } from './connection-errors.ts'
import { credentialErrors } from './credential-errors.ts'
import { databaseErrors } from './database-errors.ts'
import { hostErrors } from './host-errors.ts'
import { httpsErrors } from './https-errors.ts'
import { iamErrors } from './iam-errors.ts'
import type { KnownError } from './known-error.ts'
import { ownErrors } from './own-errors.ts'
import { redshiftErrors } from './redshift-errors.ts'
import { stsErrors } from './sts-errors.ts'

let made: readonly KnownError[] | undefined

/**
 * Most specific first: what a message says beside a general code explains more than the code. Made when somebody first
 * asks: most runs have no error to explain, and to make them takes a tenth of such a run.
 */
export function knownErrors(): readonly KnownError[] {
  made ??= inOrder([
    ...stsErrors(),
    ...iamErrors(),
    ...redshiftErrors(),
    ...httpsErrors(),
    ...clientErrors(),
    ...connectionErrors(),
    ...databaseErrors(),
    ...hostErrors(),
    ...credentialErrors(),
    ...ownErrors(),
  ])
  return made
}

function inOrder(all: readonly KnownError[]): readonly KnownError[] {
  return [...all.filter(({ isGeneral }) => isGeneral !== true), ...all.filter(({ isGeneral }) => isGeneral === true)]
}
