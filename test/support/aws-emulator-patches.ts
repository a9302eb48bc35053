import type { AwsAnswer, AwsRequest, Forward } from './aws-emulator.ts'

/** Answers in place of moto. */
type Patch = (asked: AwsRequest, forward: Forward) => Promise<AwsAnswer>

/**
 * What moto 5.2.5 lacks and we need, each a belief about AWS with its source. Everything else is moto's own.
 */
export const patches: Readonly<Record<string, Patch>> = {
  // Missing in moto (HTTP 500). IAM API reference, AddClientIDToOpenIDConnectProvider: "Adds a new client ID to the list
  // of client IDs already registered. This operation is idempotent; it does not fail or return an error if you add an
  // existing client ID." moto cannot change the list, so the provider is made anew with all that it had.
  async AddClientIDToOpenIDConnectProvider({ parameters }, forward) {
    const arn = parameters.get('OpenIDConnectProviderArn') ?? ''
    const seen = await forward(call('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }))
    if (seen.status !== 200) return seen
    const clientIds = new Set([...members(seen.body, 'ClientIDList'), parameters.get('ClientID') ?? ''])
    await forward(call('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }))
    const made = await forward(
      call('CreateOpenIDConnectProvider', {
        Url: `https://${text(seen.body, 'Url')}`,
        ...numbered('ClientIDList', [...clientIds]),
        ...numbered('ThumbprintList', members(seen.body, 'ThumbprintList')),
        ...tags(seen.body),
      }),
    )
    return made.status === 200 ? { status: 200, body: '<AddClientIDToOpenIDConnectProviderResponse/>' } : made
  },
}

function call(action: string, parameters: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters })
}

function numbered(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.member.${index + 1}`, value]))
}

function tags(xml: string): Record<string, string> {
  const pairs = members(xml, 'Tags').map((tag) => [text(tag, 'Key'), text(tag, 'Value')] as const)
  return {
    ...Object.fromEntries(pairs.map(([key], index) => [`Tags.member.${index + 1}.Key`, key])),
    ...Object.fromEntries(pairs.map(([, value], index) => [`Tags.member.${index + 1}.Value`, value])),
  }
}

function members(xml: string, list: string): readonly string[] {
  return [...text(xml, list).matchAll(/<member>(.*?)<\/member>/gs)].map(([, member = '']) => member)
}

function text(xml: string, element: string): string {
  return new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(xml)?.[1] ?? ''
}
