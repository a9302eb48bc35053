import { AdminError } from '../errors.ts'
import { regionOfEndpoint } from '../iam/database-reference.ts'
import { quote } from '../iam/quote.ts'

interface Endpoint {
  readonly host: string
  readonly port: number
  readonly user: string
}

/**
 * A password for a database of RDS or Aurora with IAM authentication: a token that is good for 15 minutes, to begin a
 * connection with (Amazon RDS user guide, "IAM database authentication"). Signed here; nobody is asked but whoever has
 * the credentials.
 *
 * @throws AdminError INVALID_REGION, DENIED_AWS_CREDENTIALS
 */
export async function rdsToken({ host, port, user }: Endpoint, environment: NodeJS.ProcessEnv): Promise<string> {
  const region = regionOfEndpoint(host) ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION)
  if (!region) {
    throw new AdminError(
      'INVALID_REGION',
      `the region of the database ${quote(host)} is not known: it is no endpoint of RDS, and AWS_REGION is not set`,
    )
  }
  const { Signer } = await import('./sdk/rds-signer.ts')
  const signer = new Signer({ hostname: host, port, username: user, region })
  try {
    return await signer.getAuthToken()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AdminError('DENIED_AWS_CREDENTIALS', `no token for the database ${quote(host)}: ${reason}`, {
      suggestions: ['aws sts get-caller-identity'],
      cause: error,
    })
  }
}
