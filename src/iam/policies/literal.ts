/**
 * A name as a resource or a `StringLike` value must spell it to mean that name alone: `*` and `?` would be wildcards and
 * `${…}` a variable (IAM user guide, "IAM policy elements: Variables and tags": `${*}`, `${?}` and `${$}` stand for the
 * characters). Policy version 2012-10-17 only.
 */
export function literal(name: string): string {
  return name.replace(/[*?$]/g, (special) => `\${${special}}`)
}
