import { homedir } from 'node:os'
import type { Interfaces } from '@oclif/core'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import type { Actor } from '../assignments/actor.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { AdminError, type ErrorCode, exitCodes } from '../errors.ts'
import type { StoreLocation } from '../store/location.ts'
import type { StoreAccess } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { currentActor } from './current-actor.ts'
import { isClosedPipe, isHelpOrVersion, sayNothingWasChanged, toAdminError } from './failure.ts'
import type { LoadedConfig } from './load-config.ts'
import { writeJson, writeNote, writeText, writeWarning } from './output.ts'
import { hasSessions, sessionPaths } from './session-paths.ts'

export const globalFlags = {
  json: Flags.boolean({ description: 'print the result as one JSON document', helpGroup: 'GLOBAL' }),
  database: Flags.string({
    description:
      'the store: sqlite:///absolute/path.db, a path or postgres://user@host/database (default: /var/lib/admin/admin.db for root)',
    env: 'ADMIN_DATABASE',
    helpGroup: 'GLOBAL',
    helpValue: 'URL',
    noCacheDefault: true,
  }),
  config: Flags.string({
    description: 'the configuration file (default: /etc/admin/config.yaml)',
    env: 'ADMIN_CONFIG',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
    noCacheDefault: true,
  }),
}

export type GlobalFlags = Interfaces.InferredFlags<typeof globalFlags>

/**
 * What every command shares: the global flags, access to store and configuration, and how results and failures are
 * shown. A command parses, makes one call to a use-case, and hands the result to {@link show}.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags

  /** False for commands that only look; the others say "nothing was changed" when they refuse. */
  static changesThings = false

  protected readonly clock = systemClock
  #config: Promise<LoadedConfig> | undefined
  #location: Promise<StoreLocation> | undefined
  #isOwnStore = false

  protected get actor(): Actor {
    return currentActor(process.env)
  }

  /** The answer: JSON under `--json`, else the text of `describe`. Nothing else goes to stdout. */
  protected show<T>(result: T, flags: GlobalFlags, describe: (result: T) => string): void {
    if (flags.json) writeJson(result)
    else writeText(describe(result))
  }

  protected note(text: string): void {
    writeNote(text)
  }

  protected warnUser(text: string): void {
    writeWarning(text)
  }

  protected async withStore<T>(
    flags: GlobalFlags,
    access: StoreAccess,
    work: (store: Store) => Promise<T>,
  ): Promise<T> {
    const { openStore } = await import('../store/open-store.ts')
    const prepare = access === 'write' ? await this.preparing(flags) : unchanged
    const store = prepare(await openStore(await this.storeLocation(flags), access))
    try {
      if (store.isNew) this.note(`made a new store, ${store.location}`)
      if (!store.exists) this.note(`there is no store yet at ${store.location}`)
      return await work(store)
    } finally {
      await store.close()
    }
  }

  private async preparing(flags: GlobalFlags): Promise<(store: Store) => Store> {
    const { watchingClock } = await import('./watch-clock.ts')
    const forward = await this.forwarding(flags)
    const review = await this.reviewing()
    return (store) => forward(review(watchingClock(store, this.clock)))
  }

  /**
   * Whatever store is written to, its events go where the configuration says. Somebody who may not read that of the
   * system has a store of their own.
   */
  private async forwarding(flags: GlobalFlags): Promise<(store: Store) => Store> {
    const { forwardEvents } = await this.configOfWriter(flags)
    if (forwardEvents === undefined) return unchanged
    const { withForwarding } = await import('./forward-events.ts')
    return (store) => withForwarding(store, forwardEvents)
  }

  /** Whatever takes roles away ends the sessions that use them. */
  private async reviewing(): Promise<(store: Store) => Store> {
    const { reviewingStore } = await import('../store/reviewing-store.ts')
    return (store) => reviewingStore(store, (changed, people) => this.endLostSessions(changed, people))
  }

  /** Of these people, or of everybody: the sessions on this host whose role is not assigned any more. */
  protected async endLostSessions(store: Store, people: ReadonlySet<string> | null): Promise<void> {
    const paths = sessionPaths(process.env)
    if (!hasSessions(paths)) return
    const { reviewSessions } = await import('./review-sessions.ts')
    if (!(await reviewSessions(store, people, paths, this.clock))) this.endWith('PARTIAL')
  }

  private async configOfWriter(flags: GlobalFlags): Promise<Config> {
    try {
      return (await this.loadConfig(flags)).config
    } catch (error) {
      const isNeeded = flags.database === undefined || flags.config !== undefined
      if (isNeeded || !(error instanceof AdminError) || error.code !== 'DENIED_FILE') throw error
      this.warnUser(`${error.message}\nwhere it says that events are forwarded, those of this command are not`)
      return {}
    }
  }

  /** Where there is no store there is nothing to take away, and none need be made for it. */
  protected async hasStore(flags: GlobalFlags): Promise<boolean> {
    const { isStoreThere } = await import('../store/open-store.ts')
    return isStoreThere(await this.storeLocation(flags))
  }

  /** As {@link withStore} for reading, where the absence of a store must not pass for an empty one. */
  protected async withExistingStore<T>(flags: GlobalFlags, work: (store: Store) => Promise<T>): Promise<T> {
    const { noStore } = await import('../store/no-store.ts')
    return this.withStore(flags, 'read', async (store) => {
      if (!store.exists) throw noStore(store.location, this.#isOwnStore)
      return work(store)
    })
  }

  protected async maintenance() {
    return import('../store/maintenance.ts')
  }

  /** The answer stands, but it is not a clean one: ends with that code after everything is printed. */
  protected endWith(code: ErrorCode): void {
    process.exitCode = exitCodes[code]
  }

  /** The flag or `ADMIN_DATABASE`, else the configuration file, else the default of this user. */
  protected storeLocation(flags: GlobalFlags): Promise<StoreLocation> {
    this.#location ??= this.locateStore(flags)
    return this.#location
  }

  private async locateStore(flags: GlobalFlags): Promise<StoreLocation> {
    const { defaultStorePath } = await import('../store/location.ts')
    // A configuration file that was named is read even where nothing of it is needed: a wrong one must not go unseen.
    const isConfigNeeded = flags.database === undefined || flags.config !== undefined
    const { database } = isConfigNeeded ? (await this.loadConfig(flags)).config : {}
    const named = flags.database ?? database
    if (named !== undefined) return this.locateNamed(named)
    const isRoot = process.getuid?.() === 0
    const path = defaultStorePath(isRoot, homedir(), process.env)
    this.#isOwnStore = !isRoot
    if (!isRoot) this.note(`using your own store, ${path}; that of the system needs sudo`)
    return { engine: 'sqlite', path }
  }

  /** @throws AdminError INVALID_DATABASE */
  protected async locateNamed(named: string): Promise<StoreLocation> {
    return (await import('./locate-store.ts')).locateStore(named, (text) => this.warnUser(text))
  }

  /** Read once for each run. */
  protected loadConfig(flags: GlobalFlags): Promise<LoadedConfig> {
    this.#config ??= import('./load-config.ts').then(({ loadConfig }) => loadConfig(flags.config))
    return this.#config
  }

  protected override async catch(failure: Error & { exitCode?: number }): Promise<never> {
    if (isHelpOrVersion(failure) || isClosedPipe(failure)) throw failure
    const error = toAdminError(failure, this.config.version, this.id)
    throw (this.ctor as typeof BaseCommand).changesThings ? sayNothingWasChanged(error) : error
  }
}

function unchanged(store: Store): Store {
  return store
}
