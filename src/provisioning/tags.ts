import type { Call } from './plan.ts'
import type { Difference } from './resource.ts'

export type Tags = Readonly<Record<string, string>>

/** As the IAM API takes tags. */
export function tagList(tags: Tags): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/**
 * The tags that are missing or have another value; those that nobody asked for are left alone.
 *
 * @param call makes of the missing ones the call that sets them
 */
export function tagDifference(
  observed: Tags,
  wanted: Tags,
  call: (tags: ReturnType<typeof tagList>) => Call,
): readonly Difference[] {
  const missing = Object.entries(wanted).filter(([key, value]) => observed[key] !== value)
  if (missing.length === 0) return []
  return [
    {
      fields: missing.map(([key, after]) => ({ path: `tags.${key}`, before: observed[key] ?? null, after })),
      calls: [call(tagList(Object.fromEntries(missing)))],
    },
  ]
}
