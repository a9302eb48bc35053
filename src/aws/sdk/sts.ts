/** What a session needs. The call is not signed, so this brings no search for credentials. */
export { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
