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

const all = [
  ...stsErrors,
  ...iamErrors,
  ...redshiftErrors,
  ...httpsErrors,
  ...clientErrors,
  ...connectionErrors,
  ...databaseErrors,
  ...hostErrors,
  ...credentialErrors,
  ...ownErrors,
]

/** Most specific first: what a message says beside a general code explains more than the code. */
export const knownErrors: readonly KnownError[] = [
  ...all.filter(({ isGeneral }) => isGeneral !== true),
  ...all.filter(({ isGeneral }) => isGeneral === true),
]
