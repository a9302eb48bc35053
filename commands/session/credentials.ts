import * as Args from '@oclif/core/args'
import { parseUsername } from '../../src/assignments/username.ts'
import { writeText } from '../../src/cli/output.ts'
import { idTokenFlag, parseRole, roleFlag, SessionCommand } from '../../src/cli/session-command.ts'
import { credentialPorts, toCredentialProcess } from '../../src/cli/session-credentials.ts'
import { sessionCredentials } from '../../src/sessions/session-credentials.ts'

const LEAST_SECONDS = 60

export default class SessionCredentials extends SessionCommand {
  static override summary = "Print AWS credentials for a person's session, as credential_process takes them."
  static override description =
    `Asks STS with an ID token of the person, once for all who ask at a time, and keeps the answer until 5 minutes
before it ends. The role must be assigned at this moment, also for what is kept.

Where STS refuses, the error shows what the token says beside what role and provider expect. Never the token.`
  static override examples = [
    '<%= config.bin %> session credentials alice',
    '<%= config.bin %> session credentials alice --role arn:aws:iam::123456789012:role/data-scientist',
  ]
  static override args = {
    username: Args.string({ required: true, ignoreStdin: true, description: 'the person' }),
  }
  static override flags = { role: roleFlag, 'id-token-file': idTokenFlag }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionCredentials)
    const request = { username: parseUsername(args.username), roleArn: parseRole(flags.role), clock: this.clock }
    // Also where it is not needed: a file that is missing must not go unseen until what is kept has ended.
    await this.givenText(flags)
    const idToken = this.idToken.bind(this, flags)
    const ports = credentialPorts(this.paths, this.clock, this.actor, (chosen) => idToken(chosen, LEAST_SECONDS))
    const credentials = await this.withExistingStore(flags, (store) => sessionCredentials(store, request, ports))
    writeText(toCredentialProcess(credentials))
  }
}
