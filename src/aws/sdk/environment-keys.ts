/** The first of all sources of credentials, which needs none of the others: they are ten times as large. */
export { fromEnv } from '@aws-sdk/credential-providers'
