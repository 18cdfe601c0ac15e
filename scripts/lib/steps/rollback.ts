// The rollback procedure's steps, shared by both environments: back to the recorded previous
// deployment without a rebuild where the host can, judged by the bytes served.

import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass} from '../domain/verdict.ts'
import type {Effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import {findPrevious, restored, restoreEffects} from '../proofs/deployment.ts'
import {previousServed} from '../proofs/served.ts'
import {words} from '../words/observed.ts'

/** Step `identify-previous`: from the recorded deployments, never from a listing of tags. */
export async function identifyPrevious(context: Context): Promise<Judgement> {
  const previous = await findPrevious(context)
  if (previous === null) {
    return fail(
      {
        fr: 'aucun déploiement précédent n’est enregistré',
        en: 'no previous deployment is recorded',
      },
      {next: fallback(context)},
    )
  }
  return pass(words`${previous.id}${previous.version === null ? '' : ` (${previous.version})`}`, {
    facts: {'deployment-before': previous},
  })
}

/** What a person wrote down before the first release ever, where there was no version to return to. */
function fallback(context: Context): Text {
  const item = context.runbook.prerequisites.find(
    ({kind, name}) => kind === 'check' && name === 'previous-deployment',
  )
  const written = item === undefined ? undefined : context.answer(item.id)
  if (written === undefined) {
    return {
      fr: 'prendre le repli inscrit aux pré-requis',
      en: 'use the fallback written in the prerequisites',
    }
  }
  const {observed, by} = written
  return {
    fr: `prendre le repli inscrit aux pré-requis : ${observed} (${by.name}, ${by.role})`,
    en: `use the fallback written in the prerequisites: ${observed} (${by.name}, ${by.role})`,
  }
}

/** Step `restore-previous`, `act`. */
export async function restorePrevious(context: Context): Promise<readonly Effect[]> {
  return restoreEffects(context, previousId(context))
}

/** Step `restore-previous`, `done`. */
export async function previousRestored(context: Context): Promise<Judgement> {
  return restored(context, previousId(context))
}

function previousId(context: Context): string {
  return context.fact('deployment-before')?.id ?? ''
}

/** True where the host can make the previous deployment live again; else the rebuild is needed. */
export async function hostRestores(context: Context): Promise<boolean> {
  const hosting = await context.adapters.hosting()
  if (hosting.restore === null) return false
  try {
    return (await hosting.keeps?.(previousId(context))) ?? true
  } catch {
    context.signal.throwIfAborted()
    // It does not say: then trying is better than building.
    return true
  }
}

export const hostCannotRestore = async (context: Context) => !(await hostRestores(context))

/** Step `verify-previous`. */
export const verifyPrevious = (context: Context): Promise<Judgement> => previousServed(context)

/** Step `record-rollback`: the ledger's row is written with the run's other documents, from this journal. */
export async function rollbackRecorded({run, scenario}: Context): Promise<Judgement> {
  const ledger =
    scenario === 'production' ? 'docs/PROD_DEPLOYMENTS.md' : 'docs/STAGING_DEPLOYMENTS.md'
  return run().rollback === null
    ? fail({fr: 'aucun rollback dans le journal', en: 'no rollback in the journal'})
    : pass({
        fr: `au journal ; la ligne de ${ledger} en est tirée`,
        en: `in the journal; the row of ${ledger} is derived from it`,
      })
}

/** The two last steps belong to a drill only. */
export const isDrill = async ({run}: Context) => run().kind === 'drill'

/** Step `return-to-checkpoint`, `act`: the checkpoint's own deployment, as it was recorded. */
export const returnToCheckpoint = (context: Context) =>
  restoreEffects(context, context.fact('deployment')?.id ?? '', 'forward')

/** Step `return-to-checkpoint`, `done`. */
export const returned = (context: Context) =>
  restored(context, context.fact('deployment')?.id ?? '')

/** Step `verify-checkpoint`: the bytes served are the checkpoint's again. */
export const verifyCheckpoint = (context: Context) =>
  previousServed(context, context.fact('deployment'))

/** Step `post-mortem`: drafted from this journal with the run's documents; people owe the rest. */
export async function postMortemOwed({run}: Context): Promise<Judgement> {
  return run().rollback === null
    ? fail({fr: 'aucun rollback dans le journal', en: 'no rollback in the journal'})
    : pass({
        fr: 'préparé à la fin de l’exécution, à compléter avant la prochaine mise en PRODUCTION',
        en: 'owed: docs/POST_MORTEM_ROLLBACK_… is drafted at the end of the run, to be filled in before the next PRODUCTION',
      })
}
