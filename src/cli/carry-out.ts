import { AdminError } from '../errors.ts'
import type { ApplyContext } from '../provisioning/apply.ts'
import type { CallJournal } from '../provisioning/call-journal.ts'
import { countChanges, type ProvisionResult } from '../provisioning/plan.ts'
import { applyPlan, type Plan } from '../provisioning/provision.ts'
import { progressView } from './apply-progress.ts'
import { withInterrupt } from './interrupt.ts'
import type { Teller } from './teller.ts'

/** Carries a plan out under the eyes of a person, who may stop it. */
export async function carryOutPlan(
  plan: Plan,
  journal: CallJournal,
  limitOf: ApplyContext['limitOf'],
  teller: Teller,
): Promise<ProvisionResult> {
  const total = countChanges(plan.result.summary)
  const view = await progressView(total)
  const stopping = () => teller.note('Stopping: what is under way is finished first; once more ends at once')
  try {
    return await teller.during(view.note, () =>
      withInterrupt(stopping, (interrupt) =>
        applyPlan(plan, { ...interrupt, journal, limitOf, onProgress: view.show }),
      ),
    )
  } finally {
    view.end()
  }
}

export interface Consent {
  readonly question: string
  /** Whether somebody can be asked. */
  readonly canAsk: boolean
  readonly isGiven: boolean
}

/**
 * @throws AdminError REFUSED_DECLINED; USAGE_FLAG where nobody can be asked
 */
export async function askConsent({ question, canAsk, isGiven }: Consent): Promise<void> {
  if (isGiven) return
  if (!canAsk) {
    const message = 'this asks before it changes AWS, and nobody can be asked here\n--yes carries it out without asking'
    throw new AdminError('USAGE_FLAG', message)
  }
  const { confirm } = await import('./prompts.ts')
  if (!(await confirm(question))) throw new AdminError('REFUSED_DECLINED', 'you declined')
}
