import type { IncomingMessage } from 'node:http'

/** What was sent to AWS, and what names the sender. */
export interface AwsRequest {
  readonly service: string
  readonly action: string
  readonly account: string
  readonly region: string
  /** Of services with forms: IAM, STS, EC2, RDS. */
  readonly parameters: URLSearchParams
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

export interface AwsAnswer {
  readonly status: number
  readonly body: string
}

/** Sends a form, or the request's own body, to moto itself, as the request's sender would. */
export type Forward = (form: URLSearchParams | string) => Promise<AwsAnswer>

/** The accounts of the access keys that moto issued: to moto they need no telling. */
export type IssuedKeys = Map<string, string>

export const DEFAULT_ACCOUNT = '123456789012'

/** JSON services name the action in a header, the others in their form. */
export function toAwsRequest(headers: IncomingMessage['headers'], body: string, issued: IssuedKeys): AwsRequest {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '')
  const [, key = '', region = '', service = 'sts'] = scope ?? []
  const target = String(headers['x-amz-target'] ?? '')
  const parameters = new URLSearchParams(target === '' ? body : '')
  const action = parameters.get('Action') ?? target.split('.')[1] ?? ''
  return { service, action, account: accountOf(key, issued), region, parameters, body, headers }
}

function accountOf(key: string, issued: IssuedKeys): string {
  return issued.get(key) ?? /^AKIA(\d{12})/.exec(key)?.[1] ?? DEFAULT_ACCOUNT
}

export function accessKeyOf({ headers }: AwsRequest): string {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** The key that an answer issues, with the account that it belongs to: of the assumed role, or of the user. */
export function issuedKey({ action, account }: AwsRequest, { body }: AwsAnswer): readonly [string, string] | null {
  if (!/^(AssumeRole\w*|CreateAccessKey)$/.test(action)) return null
  const key = /<AccessKeyId>(.*?)<\/AccessKeyId>/.exec(body)?.[1]
  const owner = /<Arn>arn:[^:]*:sts::(\d{12}):assumed-role/.exec(body)?.[1] ?? account
  return key === undefined ? null : [key, owner]
}

/** The key that an answer issues, with the name of the role that it is a session of. */
export function issuedRole({ action }: AwsRequest, { body }: AwsAnswer): readonly [string, string] | null {
  const key = /<AccessKeyId>(.*?)<\/AccessKeyId>/.exec(body)?.[1]
  const role = /<Arn>arn:[^:]*:sts::\d{12}:assumed-role\/([^/<]+)/.exec(body)?.[1]
  return /^AssumeRole/.test(action) && key !== undefined && role !== undefined ? [key, role] : null
}

export function isWrite({ action }: { readonly action: string }): boolean {
  return !/^(AssumeRole|Decode|Describe|Get|List|Simulate)/.test(action)
}

/** The services have three forms for errors: of JSON, of EC2, and of all others. */
export function errorAnswer(status: number, code: string, message: string, service = 'iam'): AwsAnswer {
  if (service === 'redshift-serverless') return { status, body: JSON.stringify({ __type: code, message }) }
  if (service === 'ec2') {
    const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
    return { status, body: `<Response><Errors>${error}</Errors><RequestID>test</RequestID></Response>` }
  }
  const type = status < 500 ? 'Sender' : 'Receiver'
  const body = `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>test</RequestId></ErrorResponse>`
  return { status, body }
}
