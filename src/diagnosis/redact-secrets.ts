import { redactTokens } from '../sso/token-text.ts'

/** What may be a secret, and what stands in its place. Each repetition stops at a character that it cannot have. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}-----)?/g, '[key]'],
  [/\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}/g, '[access key id]'],
  [/:\/\/[^\s/@"']*@/g, '://…@'],
  [
    /((?!password: (?:NO|YES)\))(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|signature|api[-_ ]?key|access[-_ ]?key)\w{0,20}["']?\s{0,3}[=:]\s{0,3})(?:"[^"\n]*"?|'[^'\n]*'?|[^\s"',;&]+)/gi,
    '$1[secret]',
  ],
  [/\b(bearer|basic)\s+[\w+/=.~-]+/gi, '$1 [secret]'],
  [/[A-Za-z0-9+/_=-]{40,}/g, '[secret]'],
]

/** Tokens, keys and passwords out of a text that is shown again; whatever is as long and as random as one goes too. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((shown, [pattern, word]) => shown.replace(pattern, word), redactTokens(text))
}
