declare const roleSessionName: unique symbol

/** The name under which STS and CloudTrail know a session. */
export type RoleSessionName = string & { readonly [roleSessionName]: true }

/** 2 to 64 characters of `[\w+=,.@-]` (STS API reference, AssumeRoleWithWebIdentity, RoleSessionName). */
export function isRoleSessionName(text: string): text is RoleSessionName {
  return /^[\w+=,.@-]{2,64}$/.test(text)
}
