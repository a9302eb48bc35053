import { isJsonObject, kindOfValue } from './json-object.ts'

/** What IAM would refuse in an identity policy that somebody wrote; empty where nothing is found. */
export function identityPolicyProblems(value: unknown): readonly string[] {
  if (!isJsonObject(value)) return [`the policy is ${kindOfValue(value)}, expected an object`]
  return ['Version', 'Statement'].flatMap((key) => (Object.hasOwn(value, key) ? [] : [`the policy has no ${key}`]))
}
