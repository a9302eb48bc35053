import type { KnownError } from './known-error.ts'

const STS = 'AWS STS API reference, AssumeRoleWithWebIdentity'

/** Of STS, where an ID token is exchanged for credentials. */
export const stsErrors = (): readonly KnownError[] => [
  {
    id: 'identity-provider-missing',
    pattern: /No OpenIDConnect provider found in your account(?: for \S{1,300})?/i,
    meaning: 'the account of the role ARN has no identity provider for the iss of this token, byte for byte',
    causes: [
      'the issuer and the provider differ: a slash at the end, letter case, a path, or Entra ID in its other version',
      'the role ARN names another account than the one with the provider',
      'the STS of another partition was asked: AWS_REGION is missing in GovCloud or China',
    ],
    checks: [
      'admin sso check',
      'aws iam list-open-id-connect-providers',
      'admin provision oidc-provider --issuer ISSUER --client-id CLIENT_ID --dry-run',
    ],
    source: 'aws-sam-cli#7432, mozilla-aws-cli#127; IAM user guide, "Create an OpenID Connect identity provider"',
  },
  {
    id: 'audience-refused',
    pattern: /Incorrect token audience/i,
    meaning:
      'the aud of the token (its azp, where it has one) is not among the client ids of the identity provider in IAM',
    causes: [
      'the client id is missing at the provider, or mistyped there',
      'an access token was sent in place of the ID token',
      'the token is of another application of the same issuer',
    ],
    checks: [
      'admin sso check',
      'aws iam get-open-id-connect-provider --open-id-connect-provider-arn PROVIDER_ARN',
      'admin provision oidc-provider --issuer ISSUER --client-id CLIENT_ID --dry-run',
      'admin sso apply-claims --id-token-file FILE --dry-run',
    ],
    source: 'BerriAI/litellm#31412, configure-aws-credentials#775, aws-sdk-net#3071',
  },
  {
    id: 'claim-missing',
    pattern: /Missing a required claim: {0,3}\w{1,40}/i,
    meaning: 'the token lacks a claim that STS needs: iss, sub, aud, iat and exp',
    causes: ['an access token was sent in place of the ID token', 'the application at the issuer leaves the claim out'],
    checks: ['admin sso apply-claims --id-token-file FILE --dry-run'],
    source: 'aws-sdk-ruby#2698',
  },
  {
    id: 'verification-key-unreachable',
    pattern: /Couldn['’]t retrieve verification key(?: from your identity provider)?/i,
    meaning: 'AWS could not get the keys of the issuer, or the kid of the token is not among them',
    causes: [
      'the discovery document or the jwks_uri is not reachable from the Internet: reachable from here is not enough',
      'the issuer changed its keys',
      'a hiccup: the same call may work in a minute',
    ],
    checks: ['admin sso check', "curl --fail --silent --show-error 'ISSUER/.well-known/openid-configuration'"],
    source: 're:Post, "iam-sts-invalididentitytoken"; aws-cli#7194',
  },
  {
    id: 'thumbprint-differs',
    pattern: /HTTPS certificate doesn['’]t match configured thumbprint/i,
    meaning:
      'the identity provider in IAM is pinned to a certificate authority that the host of the jwks_uri no longer has',
    causes: ['the authority of that host changed', 'the thumbprint was taken from the issuer, not from the jwks_uri'],
    checks: [
      'aws iam get-open-id-connect-provider --open-id-connect-provider-arn PROVIDER_ARN',
      'admin sso check',
      'admin provision oidc-provider --issuer ISSUER --client-id CLIENT_ID --dry-run',
    ],
    source: 'terraform-provider-aws#35112, configure-aws-credentials#357',
  },
  {
    id: 'tag-session-denied',
    pattern: /not authorized to perform: {0,3}sts:TagSession/i,
    meaning: 'the token brings session tags, and the trust policy of the role does not allow sts:TagSession',
    causes: [
      'the issuer adds the claim https://aws.amazon.com/tags',
      'the trust policy lists AssumeRoleWithWebIdentity alone',
    ],
    checks: ["aws iam get-role --role-name ROLE --query 'Role.AssumeRolePolicyDocument'"],
    source: 'IAM user guide, "Pass session tags in AWS STS"',
  },
  {
    id: 'web-identity-denied',
    pattern: /Not authorized to perform:? {0,3}sts:AssumeRoleWithWebIdentity/i,
    meaning:
      'the trust policy of the role does not admit this token, or there is no such role: STS says the same for both',
    causes: [
      'a condition does not match: aud, or sub in letter case or suffix',
      'the role does not exist, or is in another account',
      'the role or the provider was made less than a minute ago',
      'the trust policy names another provider, or sts:AssumeRole as its action',
    ],
    checks: [
      "aws iam get-role --role-name ROLE --query 'Role.AssumeRolePolicyDocument'",
      'admin sso apply-claims --id-token-file FILE --dry-run',
      'admin get-aws-role-arns USERNAME --long',
      'admin session credentials USERNAME --role ROLE_ARN',
      'admin provision plan',
    ],
    source: 'configure-aws-credentials#1100, modernisation-platform#3909',
  },
  {
    id: 'claim-rejected',
    pattern: /IDPRejectedClaim(?:Exception)?/,
    meaning: 'the identity provider says that a claim of the token is not valid, has expired, or was revoked',
    causes: ['the session at the issuer was ended', 'the token is old'],
    checks: ['admin sso login --username USERNAME', 'admin sso check'],
    source: STS,
  },
  {
    id: 'issuer-unreachable',
    pattern: /IDPCommunicationError(?:Exception)?/,
    meaning: 'AWS could not reach the identity provider; often it can a moment later',
    causes: ['the issuer is down or slow', 'a firewall keeps AWS out'],
    checks: ['admin sso check'],
    source: STS,
  },
  {
    id: 'id-token-expired',
    pattern:
      /Token expired: current date\/time[^\n]{0,120}|(?:web identity|ID) token (?:that was passed )?(?:is|has) expired/i,
    meaning: 'the ID token has run out: AWS takes it until five minutes after its exp',
    causes: [
      'nothing refreshes it: the scopes lack offline_access, so the issuer gives no refresh token',
      'a program keeps the token that it read at its start, or a copy in ~/.aws/credentials',
      'a clock is wrong, here or at the issuer',
    ],
    checks: [
      'admin sso refresh USERNAME',
      'admin sso login --username USERNAME',
      'admin sso check',
      'date --utc',
      'env | grep ^AWS_',
    ],
    source: 'positron#13856, gsts#60; AWS STS API reference, ExpiredTokenException',
  },
  {
    id: 'session-name-refused',
    pattern: /(?:at )?'?roleSessionName'? failed to satisfy constraint/i,
    meaning: 'the session name has a character that AWS does not take, or is not 2 to 64 characters long',
    causes: ['it was taken from a sub such as auth0|123, or from a name with spaces', 'it is empty or too long'],
    checks: [
      'admin get-aws-role-arns USERNAME --long',
      'admin session credentials USERNAME',
      "printf '%s' \"$AWS_ROLE_SESSION_NAME\" | grep -Ex '[A-Za-z0-9_+=,.@-]{2,64}'",
    ],
    source: 'configure-aws-credentials#1306, guidance-for-claude-code#54',
  },
  {
    id: 'role-chaining-limit',
    pattern: /1 hour session limit(?: for roles assumed by role chaining)?|\brole chaining\b/i,
    meaning: 'a role that was assumed with the credentials of another role lives for one hour at most',
    causes: ['the credentials that asked are themselves of an assumed role'],
    checks: ['aws sts get-caller-identity'],
    source: 'aws-vault#263, prowler#7721',
  },
  {
    id: 'session-too-long',
    pattern: /(?:DurationSeconds )?exceeds the MaxSessionDuration(?: set for this role)?/i,
    meaning: 'the session is to last longer than the role allows',
    causes: ['the role has the maximum of one hour that it was made with'],
    checks: [
      "aws iam get-role --role-name ROLE --query 'Role.MaxSessionDuration'",
      'admin provision web-identity-role ROLE --max-session-duration 8h --dry-run',
    ],
    source: 'IAM user guide, "Update the maximum session duration for a role"; configure-aws-credentials#79',
  },
  {
    id: 'session-policy-too-large',
    pattern: /PackedPolicyTooLarge(?:Exception)?/,
    meaning: 'session policies and session tags together are larger than what STS packs',
    causes: ['the token brings many or long session tags', 'a long session policy was given'],
    checks: ['admin sso apply-claims --id-token-file FILE --dry-run'],
    source: STS,
  },
  {
    id: 'region-disabled',
    pattern: /RegionDisabled(?:Exception)?|STS is not activated in this region/i,
    meaning: 'STS is not switched on in this region for the account of the role',
    causes: ['the region is one that must be enabled first', 'an administrator switched STS off there'],
    checks: ['aws account get-region-opt-status --region-name REGION', 'env | grep ^AWS_REGION'],
    source: STS,
  },
  {
    id: 'assume-role-denied',
    pattern: /not authorized to perform: {0,3}sts:AssumeRole\b/i,
    meaning: 'the trust policy of the role does not name this caller, or the caller has no right to assume it',
    causes: [
      'the trust policy is for web identities alone',
      'the policy of the caller lacks sts:AssumeRole on this role',
      'an external id is asked for',
    ],
    checks: [
      'aws sts get-caller-identity',
      "aws iam get-role --role-name ROLE --query 'Role.AssumeRolePolicyDocument'",
    ],
    source: 'IAM user guide, "Troubleshoot IAM roles"',
  },
]
