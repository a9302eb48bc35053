import { type Issuer, providerId } from '../../iam/issuer.ts'
import { federatedPrincipal } from '../../iam/oidc-provider.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import { roleArnParts } from '../../iam/role-arn.ts'
import { type JudgedCondition, type JudgedStatement, judgeTrustPolicy } from '../../iam/trust-evaluation.ts'
import type { Explanation, Refused } from './explain-refusal.ts'
import { audienceOf } from './refused-token.ts'

/** STS says the same of a role that does not exist and of each condition that does not hold; the policy says more. */
export function explainDenial(refused: Refused): Explanation {
  const { trust, roleArn, refusal } = refused
  if ('unread' in trust) return explainUnread(refused, trust.unread)
  if (trust.trustPolicy === null) {
    return {
      code: 'NOT_FOUND_ROLE',
      lines: [`there is no role ${roleArn}: AWS only says ${quote(refusal.awsMessage)}`],
      suggestions: [`aws iam get-role --role-name ${shellQuote(roleArnParts(roleArn).name)}`],
    }
  }
  const statements = judgeTrustPolicy(trust.trustPolicy, factsOf(refused)) ?? []
  return {
    code: 'DENIED_WEB_IDENTITY',
    lines: [
      headline(refused),
      'its trust policy, beside what the token brings:',
      ...statements.flatMap(describe),
    ].concat(statements.some(isOpen) ? [afterwards(refused)] : []),
    suggestions: [`aws iam get-role --role-name ${shellQuote(roleArnParts(roleArn).name)}`],
    details: { statements },
  }
}

function explainUnread({ roleArn, facts, refusal, ...refused }: Refused, reason: string): Explanation {
  const { principal, providerId: id } = factsOf({ roleArn, facts, refusal, ...refused })
  return {
    code: 'DENIED_WEB_IDENTITY',
    lines: [
      headline({ roleArn, facts, refusal, ...refused }),
      `the role could not be looked at: ${reason}`,
      'either it does not exist, or a condition of its trust policy does not hold; as we provision it, it has:',
      `  Principal Federated ${quote(principal)}`,
      `  StringEquals ${id}:aud wants the client id, got ${quote(audienceOf(facts))}`,
      `  StringEquals ${id}:sub, where people are listed, wants their subject, got ${quote(facts.sub ?? '')}`,
    ],
    suggestions: [`aws iam get-role --role-name ${shellQuote(roleArnParts(roleArn).name)}`],
  }
}

function headline({ roleArn, roleSessionName, refusal }: Refused): string {
  return `AWS denied ${roleArn} to the session ${quote(roleSessionName)}: ${refusal.awsMessage}`
}

function factsOf({ roleArn, facts, claims, roleSessionName }: Refused) {
  const { partition, accountId } = roleArnParts(roleArn)
  const issuer = (facts.iss ?? '') as Issuer
  return {
    principal: federatedPrincipal(partition, accountId, issuer),
    providerId: providerId(issuer),
    claims,
    roleSessionName,
  }
}

function isOpen({ effect, isAction, isPrincipal, conditions }: JudgedStatement): boolean {
  return effect === 'Allow' && isAction && isPrincipal && conditions.every(({ holds }) => holds === true)
}

/** Where all holds: either it has only just been changed, or something else forbids it. */
function afterwards({ claims }: Refused): string {
  const hasTags = Object.keys(claims).some((name) => name.startsWith('https://aws.amazon.com/tags'))
  return hasTags
    ? 'all of it holds; the token carries session tags, so the trust policy must allow sts:TagSession too'
    : 'all of it holds: a change of the last minute may not be everywhere yet, or a policy of the organization forbids it'
}

function describe(statement: JudgedStatement): readonly string[] {
  const { effect, sid, isAction, isPrincipal, actions, principals, conditions } = statement
  const words = (holds: boolean | null) => (holds === null ? 'not judged here' : holds ? 'holds' : 'does not hold')
  return [
    `  ${effect}${sid === null ? '' : ` ${quote(sid)}`}: action ${actions.map(quote).join(', ')} ${isAction ? 'fits' : 'is not sts:AssumeRoleWithWebIdentity'}`,
    `    principal ${principals.map(quote).join(', ') || 'none'} ${isPrincipal ? 'is the provider of the token' : 'is not the provider of the token'}`,
    ...conditions.map(
      (one) =>
        `    ${one.operator} ${one.key} wants ${some(one.wanted)}, got ${some(one.got)}: ${words(one.holds)}${difference(one)}`,
    ),
  ]
}

function some(values: readonly string[]): string {
  return values.slice(0, 10).map(quote).join(' or ') || 'nothing'
}

/** Two texts that look alike differ somewhere: at the first character where they do. */
export function difference({ wanted, got, holds }: JudgedCondition): string {
  const [one, ...others] = wanted
  const [other, ...more] = got
  if (holds !== false || one === undefined || other === undefined || others.length + more.length > 0) return ''
  const [left, right] = [[...one], [...other]]
  const at = left.findIndex((character, index) => character !== right[index])
  const place = at === -1 ? left.length : at
  const show = (characters: readonly string[]) =>
    characters[place] === undefined ? 'the end' : quote(characters[place])
  return `, from character ${place + 1} on: wanted ${show(left)}, got ${show(right)}`
}
