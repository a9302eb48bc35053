import * as Flags from '@oclif/core/flags'
import { BaseCommand, type GlobalFlags } from '../../src/cli/base-command.ts'
import { countRefused, describeLogin, describeRehearsal } from '../../src/cli/describe-login.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { type Config, defaultClaimRules } from '../../src/config/config.ts'
import type { JsonObject } from '../../src/iam/json-object.ts'
import { parseClaimsFile } from '../../src/sso/claims-file.ts'
import { foreignClaims, rehearseLines, rehearseLogin } from '../../src/sso/rehearse.ts'

const MOST_BYTES = 100_000_000

export default class SsoRehearse extends BaseCommand {
  static override summary = 'Say what a login with these claims would do, without token, network or change.'
  static override description =
    `Takes one JSON object with the claims of an ID token, or JSON Lines with many, each looked at for itself.
Exit 9 where the one would be refused, exit 5 where one of many would.`
  static override examples = [
    `echo '{"preferred_username": "alice", "aws_role_arn": ["arn:aws:iam::123456789012:role/analyst"]}' | <%= config.bin %> sso rehearse --claims -`,
    '<%= config.bin %> sso rehearse --claims logins.jsonl --json',
  ]
  static override flags = {
    claims: Flags.string({ required: true, description: 'where the claims are; - is stdin', helpValue: 'FILE|-' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SsoRehearse)
    const { config } = await this.loadConfig(flags)
    const text = await readInput(flags.claims, MOST_BYTES)
    const file = parseClaimsFile(text, flags.claims === '-' ? 'standard input' : flags.claims)
    if (file.kind === 'one') return this.rehearseOne(file.claims, config, flags)
    for (const { line, claims } of file.lines) this.warnForeign(claims, config, `line ${line}: `)
    const rehearsed = await this.withStore(flags, 'read', (store) =>
      rehearseLines(store, file.lines, config.sso ?? defaultClaimRules, this.context),
    )
    this.show(rehearsed, flags, describeRehearsal)
    const refused = rehearsed.filter((line) => 'error' in line).length
    if (refused === 0) return
    this.note(countRefused(refused, rehearsed.length))
    this.endWith('FINDINGS')
  }

  private async rehearseOne(claims: JsonObject, config: Config, flags: GlobalFlags): Promise<void> {
    this.warnForeign(claims, config, '')
    const result = await this.withStore(flags, 'read', (store) =>
      rehearseLogin(store, claims, config.sso ?? defaultClaimRules, this.context),
    )
    this.show(result, flags, (shown) => describeLogin(shown, true))
  }

  private get context() {
    return { clock: this.clock, actor: this.actor, reason: null }
  }

  private warnForeign(claims: JsonObject, { sso }: Config, where: string): void {
    for (const problem of sso === undefined ? [] : foreignClaims(claims, sso)) this.warnUser(`${where}${problem}`)
  }
}
