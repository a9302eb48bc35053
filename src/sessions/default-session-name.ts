import { isRoleSessionName, type RoleSessionName } from '../iam/role-session-name.ts'

/** Characters of a digest in base64url, all of which STS takes: 132 bits. */
const DIGEST = 22
const READABLE = 64 - 1 - DIGEST
/** What ends like this is a name of ours, so no user name that looks like one is left as it is. */
const MARKED = new RegExp(`=[\\w-]{${DIGEST}}$`)

/**
 * The session name of a person for whom single sign-on asserts none: the user name itself where STS takes it, else what is
 * readable of it, `=` and a digest of the whole. Case is kept; no two user names have one session name.
 */
export function defaultSessionName(username: string): RoleSessionName {
  if (isRoleSessionName(username) && !MARKED.test(username)) return username
  const readable = username
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w+=,.@-]+/g, '-')
  return `${readable.slice(0, READABLE)}=${digest(username)}` as RoleSessionName
}

/** Loaded where it is needed: for most names it is not, and it would take a tenth of a run from the cache. */
function digest(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('base64url').slice(0, DIGEST)
}
