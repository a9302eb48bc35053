import { resolve } from 'node:path'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { readWorkbench, WORKBENCH_DIRECTORY } from '../../src/config/workbench.ts'
import { writeSsoConfig } from '../../src/config/write-config.ts'
import { writeWholeFile } from '../../src/config/write-whole-file.ts'
import { escapeControls } from '../../src/iam/quote.ts'

export default class ConfigFromWorkbench extends BaseCommand {
  static override summary = 'Make a configuration file from that of Posit Workbench on this host.'
  static override description =
    `Reads issuer, scopes and user name claim from rserver.conf and the client id from openid-client-secret.
The client secret is not read into the output. Prints the file, or writes it whole with --output; one that is there
already is never overwritten.`
  static override examples = [
    '<%= config.bin %> config from-workbench --output /etc/admin/config.yaml',
    '<%= config.bin %> config from-workbench --directory /etc/rstudio --json',
  ]
  static override flags = {
    directory: Flags.string({
      default: WORKBENCH_DIRECTORY,
      description: 'where the configuration of Workbench is',
      helpValue: 'DIRECTORY',
    }),
    output: Flags.string({ description: 'write the file there instead of printing it', helpValue: 'FILE' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigFromWorkbench)
    const { files, ...sso } = readWorkbench(flags.directory)
    if (!sso.scopes.includes('offline_access')) {
      this.warnUser(
        'auth-openid-scopes lacks offline_access: without a refresh token sessions lose AWS after about an hour\n' +
          `add it in ${files.server}: auth-openid-scopes=${[...sso.scopes, 'offline_access'].join(' ')}`,
      )
    }
    const text = await writeSsoConfig(sso, `Made by "admin config from-workbench" from ${files.server}.`, {
      issuer: 'Byte for byte the iss of the ID tokens (auth-openid-issuer).',
      clientId: `The aud of the ID tokens (client-id in ${files.secret}).`,
      usernameClaim: 'The claim with the login name on this host (auth-openid-username-claim).',
      roleArnClaim: 'The claim with the role ARNs: a list of texts, or one text.',
      scopes: 'What a login asks for (auth-openid-scopes).',
      acceptJsonString: 'Take a list of role ARNs that is spelled as JSON inside a text.',
    })
    if (flags.output === undefined) return this.show({ sso }, flags, () => text)
    const file = resolve(flags.output)
    writeWholeFile(file, text)
    this.show({ sso, file }, flags, () => `wrote ${escapeControls(file)}`)
  }
}
