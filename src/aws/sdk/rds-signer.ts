/** What a store on RDS needs to let itself in. */
export { Signer } from '@aws-sdk/rds-signer'
