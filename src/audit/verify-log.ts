import type { Evidence } from './event-log.ts'
import { skimChain } from './skim-chain.ts'
import type { BrokenEvent } from './tampering.ts'
import { type ChainVerification, verifyChain } from './verify-chain.ts'
import { type StateComparison, verifyState } from './verify-state.ts'

export interface VerifyRequest {
  /** Of an event that must be in the log: one that was its head at some time. */
  readonly expectedHead: string | null
  /** Compare what is assigned with what the log tells, too. */
  readonly isStateCompared: boolean
}

export interface LogVerification {
  readonly verified: number
  readonly headHash: string | null
  readonly broken: BrokenEvent | null
  /** `null` where none was named; `event` is `null` where no sound event has that hash. */
  readonly expectedHead: { readonly hash: string; readonly event: number | null } | null
  /** `null` where it was not compared: nobody asked for it, or the log is broken. */
  readonly state: StateComparison | null
}

/** Is the log as it was written, does it reach as far as it did, and is what is assigned what it tells? */
export async function verifyLog(evidence: Evidence, request: VerifyRequest): Promise<LogVerification> {
  const { expectedHead: hash, isStateCompared } = request
  const { verified, headHash, broken, expected } = await walkChain(evidence, hash)
  const expectedHead = hash === null ? null : { hash, event: expected }
  const state = isStateCompared && broken === null ? await verifyState(evidence) : null
  return { verified, headHash, broken, expectedHead, state }
}

/** Fast where the store makes the texts itself, and from there on as any other. */
async function walkChain(evidence: Evidence, expectedHash: string | null): Promise<ChainVerification> {
  const { canonicalEvents } = evidence
  if (canonicalEvents === null) return verifyChain(evidence.eventRows(), expectedHash)
  const sound = await skimChain(canonicalEvents(), expectedHash)
  const behind = { after: sound.verified, upTo: Number.MAX_SAFE_INTEGER }
  return verifyChain(evidence.eventRows(sound.verified === 0 ? undefined : behind), expectedHash, sound)
}

/** A log without any event is whole; that people are assigned roles all the same only a comparison would tell. */
export async function isUntold(evidence: Evidence, { verified, broken, state }: LogVerification): Promise<boolean> {
  if (verified > 0 || broken !== null || state !== null) return false
  for await (const batch of evidence.assignments()) if (batch.length > 0) return true
  return false
}

export function isProven({ broken, expectedHead, state }: LogVerification): boolean {
  return broken === null && expectedHead?.event !== null && (state?.differs ?? null) === null
}
