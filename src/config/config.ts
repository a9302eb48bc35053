/** `config.yaml` after it was checked. Every field is optional in the file; what a command needs it asks for. */
export interface Config {
  readonly database?: string
  readonly sso?: SsoConfig
  /** Default FILE of the provisioning commands. */
  readonly spec?: string
}

export interface SsoConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecretFile?: string
  readonly usernameClaim: string
  readonly roleArnClaim: string
  readonly roleSessionNameClaim: string
  readonly scopes: readonly string[]
  readonly acceptJsonString: boolean
  readonly allowInsecureLoopback: boolean
}
