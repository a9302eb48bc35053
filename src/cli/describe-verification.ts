import type { ChainVerification } from '../audit/verify-chain.ts'

export function describeVerification({ verified, headHash, broken }: ChainVerification): string {
  if (broken === null)
    return `${verified} events verified, the chain is whole${headHash === null ? '' : `\nhead: ${headHash}`}`
  return `event ${broken.id} is broken: ${broken.problem}\n${verified} events before it are sound`
}
