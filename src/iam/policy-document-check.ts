import { isJsonObject } from './json-object.ts'

/** Why IAM would not take this as a policy of a role, each in words that continue the name of its file. */
export function identityPolicyProblems(value: unknown): readonly string[] {
  if (!isJsonObject(value)) return ['is not a JSON object']
  return ['Version', 'Statement'].flatMap((key) => (Object.hasOwn(value, key) ? [] : [`has no ${key}`]))
}
