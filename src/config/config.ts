/** `config.yaml` after it was checked. Every field is optional in the file; what a command needs it asks for. */
export interface Config {
  readonly database?: string
  readonly sso?: SsoConfig
  /** Default FILE of the provisioning commands. */
  readonly spec?: string
  readonly forwardEvents?: ForwardConfig
  readonly rds?: {
    /** The file with the certificates of the authorities of RDS. */
    readonly caBundle?: string
  }
}

/** Where each event of the audit log goes, too, once it is there to stay. */
export interface ForwardConfig {
  readonly syslog?: { readonly socket: string; readonly facility: string }
  /** One JSON line an event is appended to it. */
  readonly file?: string
}

/** The facilities of syslog(3) by their names. */
export const syslogFacilities = [
  'auth',
  'authpriv',
  'cron',
  'daemon',
  'ftp',
  'lpr',
  'mail',
  'news',
  'syslog',
  'user',
  'uucp',
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
] as const

export interface SsoConfig extends ClaimRules {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecretFile?: string
  readonly scopes: readonly string[]
  readonly allowInsecureLoopback: boolean
}

/** In which claims of an ID token a login says who it is and which roles it brings. */
export interface ClaimRules {
  readonly usernameClaim: string
  readonly roleArnClaim: string
  readonly roleSessionNameClaim: string
  /** Take a list of role ARNs that is spelled as JSON inside a string. */
  readonly acceptJsonString: boolean
}

/** The claims that Posit Workbench reads, for a configuration that names no others. */
export const defaultClaimRules: ClaimRules = {
  usernameClaim: 'preferred_username',
  roleArnClaim: 'aws_role_arn',
  roleSessionNameClaim: 'aws_role_session_name',
  acceptJsonString: false,
}
