import * as Flags from '@oclif/core/flags'
import type { RoleArn } from '../iam/role-arn.ts'
import { parseRoleArns } from '../iam/role-arn-list.ts'
import type { ChosenRole } from '../sessions/choose-role.ts'
import { BaseCommand, type GlobalFlags } from './base-command.ts'
import { type SessionPaths, sessionPaths } from './session-paths.ts'
import { refuseTokens } from './token-arguments.ts'

export const roleFlag = Flags.string({ description: 'the role, where the person may use several', helpValue: 'ARN' })

export const idTokenFlag = Flags.string({
  description: 'where an ID token of the person is; - is stdin (default: that of their login)',
  helpValue: 'FILE|-',
})

/** @throws AdminError INVALID_ROLE_ARN */
export function parseRole(text: string | undefined): RoleArn | null {
  return text === undefined ? null : (parseRoleArns([text]).roleArns[0] ?? null)
}

export interface IdTokenFlags extends GlobalFlags {
  readonly 'id-token-file'?: string | undefined
}

/** What the commands share that need an ID token of a person. */
export abstract class SessionCommand extends BaseCommand {
  protected override async init(): Promise<void> {
    await super.init()
    refuseTokens({ id: this.ctor.id, argv: this.argv, takesFile: 'id-token-file' in this.ctor.flags })
  }

  protected get paths(): SessionPaths {
    return sessionPaths(process.env)
  }

  /** Whose sessions are looked at, where they are not those of the system. */
  protected tellWhose(): void {
    const { tokens, isOwn } = this.paths
    if (!isOwn) return
    const place = tokens === null ? 'you have no place for sessions' : `using your own sessions, ${tokens}`
    this.note(`${place}; those of the system need sudo`)
  }

  #given: Promise<string> | undefined

  /** What was handed over, read once; `null` where nothing was. */
  protected async givenText({ 'id-token-file': file }: IdTokenFlags): Promise<string | null> {
    if (file === undefined) return null
    this.#given ??= import('./session-tokens.ts').then(({ readGivenToken }) => readGivenToken(file))
    return this.#given
  }

  /**
   * The token that was handed over, verified and not applied; else that of the login that is kept here, or a new one.
   *
   * @param leastSeconds how long it must still be good, where we can choose
   */
  protected async idToken(flags: IdTokenFlags, { username }: ChosenRole, leastSeconds: number): Promise<string> {
    const { config, source } = await this.loadConfig(flags)
    const { givenToken, keptToken } = await import('./session-tokens.ts')
    const text = await this.givenText(flags)
    const request = { username, config, source, clock: this.clock, actor: this.actor, leastSeconds }
    if (text === null) return this.withStore(flags, 'write', (store) => keptToken(store, request))
    return this.withStore(flags, 'read', (store) => givenToken(store, request, text))
  }
}
