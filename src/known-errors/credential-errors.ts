import type { KnownError } from './known-error.ts'

/** Of AWS and its SDKs, about who asks. */
export const credentialErrors = (): readonly KnownError[] => [
  {
    id: 'identity-center-session-expired',
    pattern:
      /SSO session associated with this profile (?:has expired|is invalid)|To refresh this SSO session run|Token has expired and refresh failed|Error loading SSO Token/i,
    meaning: 'the login at IAM Identity Center has run out, or there is none here',
    causes: ['it lasts for some hours', 'nobody has logged in here yet, or as another user: sudo changes HOME'],
    checks: ['aws sso login', 'aws sts get-caller-identity'],
    source: 'AWS CLI user guide, "Configuring IAM Identity Center authentication"',
  },
  {
    id: 'clock-differs',
    pattern:
      /RequestTimeTooSkewed|Signature not yet current|Signature expired: \S{1,30}|difference between the request time and the current time is too large/i,
    meaning: 'the time of the request is not the time at AWS: signatures are good for five minutes',
    causes: ['the clock of this host is wrong', 'the request waited for long'],
    checks: ['date --utc', 'timedatectl', "curl --silent --head https://sts.amazonaws.com | grep -i '^date:'"],
    source: 'AWS general reference, "Signature Version 4"',
  },
  {
    id: 'signature-differs',
    pattern: /SignatureDoesNotMatch(?:Exception)?/,
    meaning: 'the request was signed with another secret key than the one that belongs to the key id',
    causes: ['the secret key was cut or mistyped', 'key id and secret key are of two pairs'],
    checks: ['aws sts get-caller-identity', 'aws configure list'],
    isGeneral: true,
    source: 'IAM user guide, "Troubleshoot Signature Version 4"',
  },
  {
    id: 'key-unknown',
    pattern:
      /InvalidClientTokenId(?:Exception)?|UnrecognizedClient(?:Exception)?|security token included in the request is invalid/i,
    meaning: 'AWS does not know these credentials',
    causes: [
      'the access key was deleted or deactivated',
      'temporary credentials without their session token',
      'the credentials belong to another partition: GovCloud and China need their own AWS_REGION',
    ],
    checks: ['aws configure list', 'aws sts get-caller-identity', 'env | grep ^AWS_ | cut -d= -f1'],
    source: 'AWS STS API reference, "Common errors"',
  },
  {
    id: 'credentials-expired',
    pattern: /ExpiredToken(?:Exception)?|RequestExpired|security token included in the request (?:is|has) expired/i,
    meaning: 'temporary credentials have run out',
    causes: [
      'nothing renews them: an ID token without a refresh token, or keys that were copied into the environment',
      'an old entry in ~/.aws/credentials wins over newer ones',
    ],
    checks: [
      'aws configure list',
      'env | grep ^AWS_ | cut -d= -f1',
      'admin session credentials USERNAME',
      'admin sso refresh USERNAME',
    ],
    isGeneral: true,
    source: 'ellmer#261, gsts#60',
  },
  {
    id: 'credentials-partial',
    pattern: /PartialCredentialsError|Partial credentials found in [\w-]{1,40}(?:, missing: \w{1,40})?/,
    meaning: 'of a pair of keys one half was found, and not the other',
    causes: [
      'only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is exported',
      'a line of the profile is missing or mistyped',
    ],
    checks: ['env | grep ^AWS_ | cut -d= -f1', 'aws configure list'],
    source: 'botocore/exceptions.py',
  },
  {
    id: 'profile-missing',
    pattern:
      /The config profile \([^)\n]{1,128}\) could not be found|ProfileNotFound|there is no profile "[^"\n]{1,128}"|AWS_PROFILE names the profile "[^"\n]{1,128}", and no file has it/,
    meaning: 'no file of AWS has a profile of that name',
    causes: ['it is misspelt', 'sudo changed HOME: ~/.aws of another user was read', 'AWS_PROFILE is left from before'],
    checks: ['aws configure list-profiles', 'env | grep ^AWS_PROFILE', 'ls -l ~/.aws'],
    isGeneral: true,
    source: 'seen with the AWS CLI 1.45',
  },
  {
    id: 'no-credentials',
    pattern:
      /Could not load credentials from any providers|Unable to locate credentials|NoCredentialsError|NoCredentialProviders|CredentialsProviderError|there are no AWS credentials/,
    meaning: 'no credentials were found, or not those of the profile that was named',
    causes: [
      'sudo dropped AWS_PROFILE and changed HOME',
      'AWS_PROFILE is misspelt: that gives the same message',
      'neither keys, nor a profile, nor AWS_WEB_IDENTITY_TOKEN_FILE, nor an instance profile',
    ],
    checks: [
      'aws configure list',
      'aws configure list-profiles',
      'env | grep ^AWS_ | cut -d= -f1',
      'admin session env USERNAME',
    ],
    isGeneral: true,
    source: 'aws-cli#8883, s3fs-fuse#2084',
  },
  {
    id: 'credential-process-failed',
    pattern: /Error when retrieving credentials from (?:custom-process|[\w-]{1,40})|gives no credentials/,
    meaning:
      'the program that the profile names as its credential_process ended with an error, or printed no credentials',
    causes: [
      'what it said stands behind this message: explain that',
      'it was found, and something that it needs was not: HOME, PATH or sudo differ',
      'where it is admin session credentials: no login is kept, or the role is not assigned',
    ],
    checks: ['admin session credentials USERNAME', 'admin get-aws-role-arns USERNAME --long', 'aws configure list'],
    isGeneral: true,
    source: 'seen with the AWS CLI 1.45; AWS CLI user guide, "Sourcing credentials with an external process"',
  },
  {
    id: 'region-missing',
    pattern: /Region is missing|You must specify a region|NoRegionError/i,
    meaning: 'no region is known',
    causes: ['AWS_REGION is not set, and the profile names none', 'sudo dropped the environment'],
    checks: ['aws configure list', 'env | grep ^AWS_REGION'],
    isGeneral: true,
    source: 'aws-sdk-js-v3#6343',
  },
  {
    id: 'throttled',
    pattern: /Rate exceeded|ThrottlingException|Throttling\b|RequestLimitExceeded|TooManyRequests(?:Exception)?/,
    meaning: 'AWS was asked too often and wants a pause',
    causes: ['many sessions ask at once, and none keeps the answer', 'a program asks again without waiting'],
    checks: ['env | grep -E "^AWS_(RETRY_MODE|MAX_ATTEMPTS)"'],
    isGeneral: true,
    source: 'sqlalchemy-redshift#194, aws-sdk-js-v3#2706',
  },
  {
    id: 'access-denied',
    pattern: /AccessDenied(?:Exception)?|UnauthorizedOperation|not authorized to perform: {0,3}[\w-]{1,40}:\w{1,80}/i,
    meaning: 'AWS denied the call to this caller',
    causes: [
      'a policy of the caller lacks the action, or names another resource',
      'it is not the caller that you think',
      'a permissions boundary or an organisation forbids it',
    ],
    checks: ['aws sts get-caller-identity', 'admin provision permissions'],
    isGeneral: true,
    source: 'IAM user guide, "Troubleshoot access denied error messages"',
  },
]
