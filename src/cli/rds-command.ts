import { findCaBundle, requireCaBundle } from '../databases/ca-bundle.ts'
import { engineName } from '../databases/engine.ts'
import type { RdsToken } from '../databases/rds-token.ts'
import type { ClientLogin } from '../databases/token-formats.ts'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'
import { BaseCommand } from './base-command.ts'
import { refuseEmpty } from './flags.ts'
import type { RdsFlags, RdsRequest } from './rds-flags.ts'
import { clientLogin, makeRdsToken } from './rds-login.ts'

/** What the commands share that let somebody into a database of RDS. */
export abstract class RdsCommand extends BaseCommand {
  /** Signs, and says what a person should know of it. */
  protected async sign(request: RdsRequest): Promise<RdsToken> {
    const { engine, port, isPortNamed, signHost } = request
    const token = await makeRdsToken(request, this.clock)
    for (const warning of token.warnings) this.warnUser(warning)
    if (!isPortNamed) this.note(`port ${port}, that of ${engineName(engine)}; --port or --engine names another`)
    else if (signHost?.isPortNamed === false)
      this.note(`signed for port ${signHost.port}, that of ${engineName(engine)}; --sign-host HOST:PORT names another`)
    return token
  }

  /** Where a client connects to, and with what, but without the certificates. */
  protected loginOf(token: RdsToken, request: RdsRequest): Promise<ClientLogin> {
    return clientLogin(token, request, null)
  }

  /** With the certificates, unless nobody here knows where they are: the client may. */
  protected async trustedLoginOf(token: RdsToken, request: RdsRequest, flags: RdsFlags): Promise<ClientLogin> {
    const caBundle = findCaBundle({ named: await this.namedBundle(flags), region: token.target.region })
    if (caBundle === null)
      this.note('no certificates of RDS were found here: name them with --ca-bundle FILE, or tell the client of them')
    return clientLogin(token, request, caBundle)
  }

  /** Everything that can be missing is looked for before there is a token. Answers the exit code of the client. */
  protected async connect(request: RdsRequest, words: readonly string[], flags: RdsFlags): Promise<number> {
    refuseJson(flags)
    const [{ findClient }, { clientRun }, { askProgram, runClient }] = await Promise.all([
      import('../databases/client-program.ts'),
      import('../databases/client-run.ts'),
      import('./run-client.ts'),
    ])
    const program = await findClient(request.engine, process.env.PATH ?? '', askProgram)
    if (program.hasOwnPassword)
      this.note(
        'your option files hold a password, which would be taken for the token: they are not read (--no-defaults)',
      )
    const token = await this.sign(request)
    const caBundle = requireCaBundle({ named: await this.namedBundle(flags), region: token.target.region })
    const login = await clientLogin(token, request, caBundle)
    return runClient(clientRun(program, login, words, process.env))
  }

  private async namedBundle(flags: RdsFlags): Promise<string | null> {
    const { 'ca-bundle': named } = flags
    if (named !== undefined) refuseEmpty('--ca-bundle', named)
    return named ?? (await this.loadConfig(flags)).config.rds?.caBundle ?? null
  }
}

/** @throws AdminError USAGE_FLAG */
function refuseJson({ json, username }: RdsFlags): void {
  if (!json) return
  const message = '--json: what the client prints is all that there is, and it is not for us to make JSON of it'
  throw new AdminError(
    'USAGE_FLAG',
    `${message}\nsay behind -- how it is to print, as --csv of psql or --xml of mysql`,
    {
      suggestions: [`admin rds token --hostname HOST --username ${shellQuote(username)} --json`],
    },
  )
}
