/** What signs tokens for databases. It is given its credentials: it brings no search for them. */
export { Signer } from '@aws-sdk/rds-signer'
