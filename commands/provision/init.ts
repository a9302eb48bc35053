import { resolve } from 'node:path'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand, type GlobalFlags } from '../../src/cli/base-command.ts'
import { refuseEmpty } from '../../src/cli/flags.ts'
import { canPrompt } from '../../src/cli/prompts.ts'
import { type StarterFlags, starterSettings } from '../../src/cli/starter-settings.ts'
import type { SsoConfig } from '../../src/config/config.ts'
import { refuseExisting, writeWholeFile } from '../../src/config/write-whole-file.ts'
import { escapeControls, shellQuote } from '../../src/iam/quote.ts'
import { starterSpec } from '../../src/provisioning/spec/starter-spec.ts'

const FILE_MODE = 0o644

export default class ProvisionInit extends BaseCommand {
  static override summary = 'Write a first spec: the file that says what AWS should hold.'
  static override description =
    `Makes a commented file with the identity provider and one role, to be completed with an editor. Nothing is asked of AWS. One that is there already is never overwritten.

On a terminal it asks for what no flag says; issuer and client id are taken from sso: in the configuration file where that has them.`
  static override examples = [
    '<%= config.bin %> provision init --issuer https://sso.example.com --client-id workbench --role data-scientist',
    '<%= config.bin %> provision init prod.yaml --name prod --issuer https://sso.example.com --client-id workbench --account 123456789012 --profile prod --region us-east-2',
    '<%= config.bin %> provision init - --issuer https://sso.example.com --client-id workbench > spec.yaml',
  ]
  static override args = {
    file: Args.string({ default: 'provision.yaml', ignoreStdin: true, description: 'the file to write; -: print it' }),
  }
  static override flags = {
    name: Flags.string({
      description: 'what the spec is called; it tags what it makes (default: after the file, or workbench)',
      helpValue: 'NAME',
    }),
    issuer: Flags.string({ description: 'the issuer, as the iss claim has it', helpValue: 'URL' }),
    'client-id': Flags.string({
      description: 'the client id of the server at the identity provider',
      helpValue: 'ID',
    }),
    account: Flags.string({ description: 'the account (default: that of the credentials)', helpValue: 'ID' }),
    profile: Flags.string({ description: 'the AWS profile that leads into the account', helpValue: 'NAME' }),
    region: Flags.string({ description: 'the region of its databases', helpValue: 'REGION' }),
    role: Flags.string({ description: 'the first role (default: data-scientist)', helpValue: 'NAME' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionInit)
    refuseEmpty('FILE', args.file)
    const file = args.file === '-' ? null : resolve(args.file)
    if (file !== null) refuseExisting(file)
    const settings = await starterSettings(flags, args.file, await this.ssoDefaults(flags), canPrompt(flags))
    const text = starterSpec(settings)
    if (file === null) return this.show({ file, name: settings.name, text }, flags, () => text)
    writeWholeFile(file, text, FILE_MODE)
    this.show({ file, name: settings.name }, flags, () => `wrote ${escapeControls(file)}`)
    this.note(`complete it with an editor, then see what it would do:\n  admin provision plan ${shellQuote(args.file)}`)
  }

  /** A configuration file that was named is read even where nothing of it is needed: a wrong one must not go unseen. */
  private async ssoDefaults(flags: GlobalFlags & StarterFlags): Promise<SsoConfig | undefined> {
    const isNeeded = flags.issuer === undefined || flags['client-id'] === undefined || flags.config !== undefined
    return isNeeded ? (await this.loadConfig(flags)).config.sso : undefined
  }
}
