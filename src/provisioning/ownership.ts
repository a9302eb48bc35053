/** The spec of what single commands provision. A spec file has the name that it gives itself. */
export const COMMAND_LINE_SPEC = 'command-line'

const MANAGER_TAG = 'managed-by'
const MANAGER = 'admin'
const SPEC_TAG = 'admin:spec'

/** The tags by which we know again what is ours: there is no state file. */
export function ownershipTags(spec: string): Readonly<Record<string, string>> {
  return { [MANAGER_TAG]: MANAGER, [SPEC_TAG]: spec }
}

export type Owner =
  | { readonly kind: 'ours' }
  | { readonly kind: 'other-spec'; readonly spec: string }
  | { readonly kind: 'foreign' }

export function ownerOf(tags: Readonly<Record<string, string>>, spec: string): Owner {
  if (tags[MANAGER_TAG] !== MANAGER) return { kind: 'foreign' }
  const other = tags[SPEC_TAG]
  if (other === spec) return { kind: 'ours' }
  return other === undefined ? { kind: 'foreign' } : { kind: 'other-spec', spec: other }
}

/** As the IAM API takes tags. */
export function tagList(
  tags: Readonly<Record<string, string>>,
): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
