import type { KnownError } from './known-error.ts'

const QUOTAS = 'IAM user guide, "IAM and AWS STS quotas"'

/** Of IAM, where roles, policies and providers are made. */
export const iamErrors = (): readonly KnownError[] => [
  {
    id: 'invalid-principal',
    pattern: /Invalid principal in policy/i,
    meaning: 'the trust policy names somebody whom IAM does not know',
    causes: [
      'the role, user or provider was made a moment ago: IAM needs up to a minute',
      'it was deleted, or its ARN is mistyped',
    ],
    checks: ['aws iam get-role --role-name ROLE', 'aws iam list-open-id-connect-providers', 'admin provision plan'],
    source: 'terraform-provider-aws#6566, #1388',
  },
  {
    id: 'identity-provider-exists',
    pattern: /Provider with url \S{1,300} already exists/i,
    meaning: 'the account has a provider for this issuer already: there can be one; give it the further client id',
    causes: ['another tool or another team made it'],
    checks: [
      'admin provision oidc-provider --issuer ISSUER --client-id CLIENT_ID --dry-run',
      'aws iam list-open-id-connect-providers',
    ],
    source: 'terraform-aws-oidc-github#23, sfu-fullstack-template#75',
  },
  {
    id: 'trust-policy-too-long',
    pattern: /(?:Cannot exceed quota for )?\bACLSizePerRole\b(?:: {0,3}\d{1,6})?/i,
    meaning: 'the trust policy is longer than the account allows: 2,048 characters, up to 4,096 on request',
    causes: ['it lists too many subjects: there is room for about 30'],
    checks: ['admin provision plan', "aws iam get-role --role-name ROLE --query 'Role.AssumeRolePolicyDocument'"],
    source: `${QUOTAS}; kubeflow#6687`,
  },
  {
    id: 'policy-too-long',
    pattern:
      /(?:Cannot exceed quota for )?\bPolicySize\b(?:: {0,3}\d{1,6})?|Maximum policy size of \d{1,6} bytes exceeded/i,
    meaning:
      'the policy is longer than IAM allows: 6,144 characters for a managed one, 10,240 for all inline ones of a role',
    causes: ['it lists each resource by itself', 'many grants went into one role'],
    checks: ['admin provision plan'],
    source: `${QUOTAS}; terraform-provider-aws#45533`,
  },
  {
    id: 'too-many-policies',
    pattern: /(?:Cannot exceed quota for )?\bPoliciesPer(?:Role|User|Group)\b(?:: {0,3}\d{1,6})?/i,
    meaning: 'the role has as many managed policies as the account allows: 10, up to 20 on request',
    causes: ['policies that nobody needs are still attached'],
    checks: ['aws iam list-attached-role-policies --role-name ROLE', 'admin provision plan'],
    source: QUOTAS,
  },
  {
    id: 'quota-reached',
    pattern: /Cannot exceed quota for \w{1,60}(?:: {0,3}\d{1,6})?/i,
    meaning: 'the account has as many of these as it may',
    causes: ['what is no longer needed was left behind'],
    checks: ['aws iam get-account-summary', 'admin provision plan'],
    source: QUOTAS,
  },
  {
    id: 'still-in-use',
    pattern: /DeleteConflict(?:Exception)?|Cannot delete entity, must \w{1,20}[^\n]{0,60}/i,
    meaning: 'something hangs on what is to be deleted: policies, instance profiles or versions',
    causes: ['somebody attached a policy by hand', 'an instance profile still has the role'],
    checks: [
      'aws iam list-attached-role-policies --role-name ROLE',
      'aws iam list-role-policies --role-name ROLE',
      'aws iam list-instance-profiles-for-role --role-name ROLE',
    ],
    source: 'cloud-custodian#4078, aws-nuke#702',
  },
  {
    id: 'protected-role',
    pattern: /UnmodifiableEntity(?:Exception)?|Cannot perform the operation on the protected role/i,
    meaning: 'this role belongs to AWS and cannot be changed: one of IAM Identity Center, or of a service',
    causes: ['its name begins with AWSReservedSSO_ or AWSServiceRoleFor'],
    checks: ['admin provision web-identity-role NAME --issuer ISSUER --client-id CLIENT_ID --dry-run'],
    source: 'cloud-access-bot#11, viya4-iac-aws#385',
  },
  {
    id: 'exists-already',
    pattern: /EntityAlreadyExists(?:Exception)?/,
    meaning: 'there is one of this name already',
    causes: ['an earlier run or another tool made it', 'names in IAM differ in more than letter case'],
    checks: ['admin provision plan', 'aws iam get-role --role-name ROLE'],
    isGeneral: true,
    source: 'IAM API reference, CreateRole',
  },
  {
    id: 'malformed-policy',
    pattern: /MalformedPolicyDocument(?:Exception)?/,
    meaning: 'IAM cannot read the policy, or it says something that a policy may not say',
    causes: ['a resource or a principal of the wrong form', 'Principal in a policy that belongs to a role'],
    checks: ['admin provision plan'],
    isGeneral: true,
    source: 'IAM API reference, PutRolePolicy',
  },
]
