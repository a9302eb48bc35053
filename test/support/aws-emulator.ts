import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Enforcement } from './aws-emulator-enforcement.ts'
import { deniedAnswer, type Fault, type FaultKind, Faults, faultAnswer } from './aws-emulator-faults.ts'
import { patches } from './aws-emulator-patches.ts'
import {
  type AwsAnswer,
  type AwsRequest,
  accessKeyOf,
  DEFAULT_ACCOUNT,
  errorAnswer,
  type Forward,
  type IssuedKeys,
  issuedKey,
  issuedRole,
  isWrite,
  toAwsRequest,
} from './aws-emulator-requests.ts'
import { PatchState } from './aws-emulator-state.ts'
import { borrowMoto } from './moto-pool.ts'
import { bodyOf, type MotoServer, startMoto } from './moto-server.ts'

export type { Fault, FaultKind } from './aws-emulator-faults.ts'

/** One request that reached the emulator. Status 0: the connection was cut before an answer. */
export interface LoggedRequest {
  readonly service: string
  readonly action: string
  readonly account: string
  readonly region: string
  /** Empty for services that speak JSON. */
  readonly parameters: URLSearchParams
  readonly status: number
}

/** For tests that end the program in the middle. */
export interface WriteHooks {
  /** Counts from 1; nothing is applied yet. */
  readonly before?: (index: number, asked: AwsRequest) => void | Promise<void>
  /** It is applied, and nobody knows yet. */
  readonly after?: (index: number, asked: AwsRequest) => void | Promise<void>
}

/**
 * moto with a proxy in front: the proxy keeps a log, makes things go wrong on demand, answers for what moto lacks, and
 * takes the account out of the access key (`AKIA`, the 12 digits of the account, 4 characters).
 */
export class AwsEmulator {
  readonly url: string
  /** Of its own; gone when it stops. */
  readonly directory = mkdtempSync(join(tmpdir(), 'admin-aws-'))
  readonly requests: LoggedRequest[] = []
  readonly #server: Server
  readonly #moto: MotoServer
  readonly #faults = new Faults()
  readonly #state = new PatchState()
  readonly #enforcement = new Enforcement()
  readonly #issued: IssuedKeys = new Map()
  #hooks: WriteHooks = {}

  private constructor(server: Server, moto: MotoServer) {
    this.#server = server
    this.#moto = moto
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (incoming, outgoing) => void this.#answer(incoming, outgoing))
  }

  /** @param environment what moto itself goes by: where there is something to go by, it gets a process of its own */
  static async start(environment?: Readonly<Record<string, string>>): Promise<AwsEmulator> {
    const moto = environment === undefined ? await borrowMoto() : await startMoto(environment)
    // A connection that is closed for being idle just when it is used again looks like trouble that nobody injected.
    const server = createServer({ keepAliveTimeout: 60_000 })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new AwsEmulator(server, moto)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    await this.#moto.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** An empty AWS, an empty log, no faults, no hooks, nothing forbidden. */
  async reset(): Promise<void> {
    await this.#moto.post('/moto-api/reset', {}, '')
    await this.enforce(null)
    this.#faults.inject([])
    this.#state.clear()
    this.#issued.clear()
    this.#hooks = {}
    this.forget()
  }

  /** An empty log; AWS stays as it is. */
  forget(): void {
    this.requests.length = 0
    this.#faults.forget()
  }

  inject(...faults: readonly Fault[]): void {
    this.#faults.inject(faults)
  }

  onWrite(hooks: WriteHooks): void {
    this.#hooks = hooks
  }

  /** By the names of `GetAccountSummary`, as `AssumeRolePolicySizeQuota`; of every account. */
  setQuota(name: string, value: number): void {
    this.#state.quotas.set(name, value)
  }

  addWorkgroup(name: string, id: string, account = DEFAULT_ACCOUNT): void {
    this.#state.workgroups.set(`${account}/${name}`, id)
  }

  /** As `paused`: in moto every cluster of Redshift is available. */
  setWarehouseStatus(name: string, status: string): void {
    this.#state.warehouses.set(name, status)
  }

  /** Bulk answers of IAM come in pages of at most so many, whatever was asked. */
  setPageSize(size: number): void {
    this.#state.pageSize = size
  }

  /** A change of a database that is applied at once takes effect after so many times that it was described. */
  setDescribesUntilApplied(times: number): void {
    this.#state.describesUntilApplied = times
  }

  /** Something beside IAM authentication waits for the maintenance window, as `AllocatedStorage`. */
  setOtherPending(identifier: string, values: Readonly<Record<string, string>>): void {
    this.#state.otherPending.set(identifier, values)
  }

  /** What databases keep for their next maintenance window takes effect. */
  passMaintenanceWindow(): void {
    this.#state.passMaintenanceWindow()
  }

  /** From now on everybody may do only what policies allow; the statements are for what moto does not judge itself. */
  async enforce(statements: readonly object[] | null): Promise<void> {
    this.#enforcement.set(statements)
    await this.#check(statements !== null)
  }

  /** Whether moto looks at signatures and policies (its own words: `reset-auth` with the number of free calls). */
  async #check(isOn: boolean): Promise<void> {
    await this.#moto.post('/moto-api/reset-auth', {}, isOn ? '0' : 'inf')
  }

  /** The requests that changed something or tried to. */
  get writes(): readonly string[] {
    return this.requests.filter(isWrite).map(({ action }) => action)
  }

  get actions(): readonly string[] {
    return this.requests.map(({ action }) => action)
  }

  /** What was asked and moto does not have: a test that needs it needs a patch. */
  get unimplemented(): readonly string[] {
    return this.requests.filter(({ status }) => status === 501).map(({ action }) => action)
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const asked = toAwsRequest(incoming.headers, await bodyOf(incoming), this.#issued)
    const fault = this.#faults.next(asked)
    const index = this.#faults.writes
    const answer = await this.#outcome(asked, fault, index)
    const { service, action, account, region, parameters } = asked
    this.requests.push({ service, action, account, region, parameters, status: answer?.status ?? 0 })
    const type = asked.headers['x-amz-target'] === undefined ? 'text/xml' : 'application/x-amz-json-1.1'
    if (answer === null) incoming.socket.destroy()
    else outgoing.writeHead(answer.status, { 'content-type': type }).end(answer.body)
  }

  /** `null`: the connection is cut instead. */
  async #outcome(asked: AwsRequest, fault: FaultKind | null, index: number): Promise<AwsAnswer | null> {
    const hooks = isWrite(asked) ? this.#hooks : {}
    await hooks.before?.(index, asked)
    if (fault === 'drop-before') return null
    if (fault !== null && fault !== 'apply-then-drop') return faultAnswer(fault, asked)
    const answer = await this.#enforcement.inTurn(() => this.#serve(asked))
    await hooks.after?.(index, asked)
    return fault === null ? answer : null
  }

  async #serve(asked: AwsRequest): Promise<AwsAnswer> {
    const missing = this.#enforcement.missing(asked)
    if (missing !== null) return deniedAnswer(asked, missing)
    const account = this.#issued.has(accessKeyOf(asked)) ? {} : { 'x-moto-account-id': asked.account }
    const send = (body: string) => this.#moto.post('/', { ...asked.headers, ...account }, body)
    const forward: Forward = (form) => (typeof form === 'string' ? send(form) : this.#unchecked(() => send(`${form}`)))
    const patch = patches[asked.service]?.[asked.action]
    const answer = await (patch?.(asked, forward, this.#state) ?? forward(asked.body))
    const issued = issuedKey(asked, answer)
    if (issued !== null) this.#issued.set(...issued)
    const role = issuedRole(asked, answer)
    if (role !== null) this.#state.roles.set(...role)
    const isMissing = answer.status === 500 && /<html|<!doctype html/i.test(answer.body)
    const { action, service } = asked
    return isMissing ? errorAnswer(501, 'EmulatorNotImplemented', `moto has no ${action}`, service) : answer
  }

  /** A form of a patch is not what the sender signed, nor what the sender needs a permission for. */
  async #unchecked<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#enforcement.isOn) return work()
    await this.#check(false)
    try {
      return await work()
    } finally {
      await this.#check(true)
    }
  }
}

/**
 * What a child process needs to talk to the emulator, and to nothing else: no credentials, no endpoints, no metadata
 * service of the machine.
 */
export function awsEnvironment(
  emulator: { readonly url: string; readonly directory?: string },
  account = '123456789012',
): Record<string, string> {
  return {
    // Calls to AWS leave events: not in the store of the machine.
    ...(emulator.directory !== undefined && { ADMIN_DATABASE: join(emulator.directory, 'admin.db') }),
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: `AKIA${account}TEST`,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_MAX_ATTEMPTS: '3',
    ...noOtherAws,
  }
}

export const noOtherAws = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
}
