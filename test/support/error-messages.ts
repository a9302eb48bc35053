/** The id of a known error, and what somebody saw: in an issue, in documentation, or from a server of the tests. */
export const messages: readonly (readonly [id: string, text: string])[] = [
  [
    'identity-provider-missing',
    'An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No OpenIDConnect provider found in your account for https://own-gitlab.com/',
  ],
  [
    'audience-refused',
    'An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect token audience',
  ],
  ['claim-missing', 'Aws::STS::Errors::InvalidIdentityToken: Missing a required claim: aud'],
  [
    'verification-key-unreachable',
    "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  ],
  ['thumbprint-differs', "Error: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"],
  [
    'tag-session-denied',
    'AccessDenied: User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: sts:TagSession on resource: arn:aws:iam::123456789012:role/analyst',
  ],
  [
    'web-identity-denied',
    'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  ],
  [
    'web-identity-denied',
    'Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  ],
  ['claim-rejected', 'IDPRejectedClaimException: The identity provider rejected a claim'],
  ['issuer-unreachable', 'IDPCommunicationErrorException: The identity provider could not be reached'],
  [
    'id-token-expired',
    'ExpiredTokenException: Token expired: current date/time 1719849600 must be before the expiration date/time 1719846000',
  ],
  [
    'session-name-refused',
    "1 validation error detected: Value 'auth0|abc' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  ],
  [
    'role-chaining-limit',
    'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  ],
  [
    'session-too-long',
    'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  ],
  [
    'session-policy-too-large',
    'PackedPolicyTooLargeException: Packed size of session tags consumes 153% of allotted space.',
  ],
  [
    'region-disabled',
    'RegionDisabledException: STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.',
  ],
  [
    'assume-role-denied',
    'AccessDenied: User: arn:aws:iam::123456789012:user/bob is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/analyst',
  ],
  [
    'invalid-principal',
    'MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/new"',
  ],
  [
    'identity-provider-exists',
    'EntityAlreadyExists: Provider with url https://token.actions.githubusercontent.com already exists.',
  ],
  ['trust-policy-too-long', 'LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048'],
  ['policy-too-long', 'LimitExceeded: Cannot exceed quota for PolicySize: 6144'],
  ['policy-too-long', 'LimitExceeded: Maximum policy size of 10240 bytes exceeded for role analyst'],
  ['too-many-policies', 'LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10'],
  ['quota-reached', 'LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000'],
  ['still-in-use', 'DeleteConflict: Cannot delete entity, must detach all policies first.'],
  [
    'protected-role',
    "UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSReservedSSO_Admin_0123456789abcdef' - this role is only modifiable by AWS",
  ],
  ['exists-already', 'EntityAlreadyExists: Role with name analyst already exists.'],
  ['malformed-policy', 'MalformedPolicyDocument: Syntax errors in policy.'],
  [
    'identity-center-session-expired',
    'Error: The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
  ],
  [
    'clock-differs',
    'SignatureDoesNotMatch: Signature expired: 20261121T101010Z is now earlier than 20261121T102510Z (20261121T104010Z - 15 min.)',
  ],
  ['clock-differs', 'RequestTimeTooSkewed: The difference between the request time and the current time is too large.'],
  [
    'signature-differs',
    'SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.',
  ],
  ['key-unknown', 'UnrecognizedClientException: The security token included in the request is invalid.'],
  ['key-unknown', 'InvalidClientTokenId: The security token included in the request is invalid'],
  ['credentials-expired', 'ExpiredToken: The security token included in the request is expired'],
  ['no-credentials', 'CredentialsProviderError: Could not load credentials from any providers'],
  ['no-credentials', 'Unable to locate credentials. You can configure credentials by running "aws login".'],
  ['region-missing', 'Error: Region is missing'],
  ['throttled', 'An error occurred (Throttling) when calling the GetClusterCredentials operation: Rate exceeded'],
  [
    'access-denied',
    'AccessDenied: User: arn:aws:iam::123456789012:user/bob is not authorized to perform: iam:GetRole on resource: role analyst',
  ],
  ['iam-connections-too-many', 'FATAL:  IAM authentication failed because of too many competing requests'],
  ['iam-login-refused', 'FATAL: PAM authentication failed for user "jane"'],
  [
    'postgres-without-tls',
    'FATAL:  pg_hba.conf rejects connection for host "10.0.0.1", user "jane", database "postgres", SSL off',
  ],
  [
    'postgres-without-tls',
    'error: no pg_hba.conf entry for host "10.0.0.1", user "jane", database "postgres", no encryption',
  ],
  ['rds-iam-missing', 'ERROR:  role "rds_iam" does not exist'],
  ['postgres-password-refused', 'FATAL:  password authentication failed for user "jane"'],
  ['mysql-plugin-missing', "ERROR 1524 (HY000): Plugin 'AWSAuthenticationPlugin' is not loaded"],
  [
    'mysql-cleartext-off',
    "ERROR 2059 (HY000): Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled",
  ],
  [
    'mysql-cleartext-off',
    'Error: Server requested authentication using mysql_clear_password, which sends the password in plaintext (MYSQL_CLEAR_PASSWORD_NOT_ENABLED)',
  ],
  [
    'mysql-cleartext-off',
    'ERROR 1251 (08004): Client does not support authentication protocol requested by server; consider upgrading MySQL client',
  ],
  [
    'mysql-without-tls',
    'ERROR 3159 (HY000): Connections using insecure transport are prohibited while --require_secure_transport=ON.',
  ],
  ['mysql-login-refused', "ERROR 1045 (28000): Access denied for user 'jane'@'10.0.0.1' (using password: YES)"],
  [
    'proxy-authentication',
    "FATAL: The client's authentication method isn't supported. This RDS Proxy supports only IAM, MD5, or SCRAM authentication.",
  ],
  [
    'certificate-name',
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: db.example.com. is not in the cert's altnames",
  ],
  [
    'certificate-name',
    'server certificate for "*.abc.us-east-2.rds.amazonaws.com" (and 1 other name) does not match host name "db.example.com"',
  ],
  ['certificate-untrusted', 'Error: self signed certificate in certificate chain'],
  ['certificate-untrusted', 'SSL error: certificate verify failed'],
  ['certificate-untrusted', 'Error: unable to verify the first certificate'],
  ['redshift-user-case', 'ClientError: DbUser parameter must be lowercase'],
  ['redshift-login-refused', 'FATAL: IAM authentication failed for user "IAMR:analyst"'],
  ['redshift-login-refused', 'FATAL:  password authentication failed for user "IAM:jane"'],
  ['redshift-cluster-missing', 'ClusterNotFoundFault: Cluster examplecluster not found.'],
  [
    'redshift-denied',
    'AccessDenied: User: arn:aws:sts::123456789012:assumed-role/analyst/jane is not authorized to perform: redshift:GetClusterCredentials on resource: arn:aws:redshift:us-east-2:123456789012:dbname:examplecluster/dev',
  ],
  ['store-read-only', 'SqliteError: attempt to write a readonly database { code: "SQLITE_READONLY_DIRECTORY" }'],
  ['store-locked', 'SqliteError: database is locked'],
  ['store-locked', 'code: SQLITE_BUSY_SNAPSHOT'],
  ['addon-missing', 'Error: Could not locate the bindings file. Tried:'],
  [
    'addon-missing',
    "node: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by better_sqlite3.node)",
  ],
]
