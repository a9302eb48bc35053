/** Where a database is asked for, and as whom. */
export interface DatabaseEndpoint {
  readonly host: string
  readonly port: number
  readonly user: string
}

/** Signs a password for a database of RDS, as IAM has it. */
export type IamPassword = (endpoint: DatabaseEndpoint) => Promise<string>
