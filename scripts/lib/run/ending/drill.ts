// A rehearsal of the rollback: back to the previous version, proven, then the checkpoint's recorded
// artifact again, proven too. It is no incident unless it fails.

import {type FactName, factRecorded} from '../../domain/facts.ts'
import {problem} from '../../domain/problem.ts'
import {recorded} from '../../domain/recorded.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import {recordsOf} from '../context-of.ts'
import type {Running} from '../running.ts'
import type {Session} from '../session.ts'
import {proofOf, rollBack} from './roll-back.ts'

// What the steps of the procedure need to know of the deployment that they undo and bring back.
const needed: readonly FactName[] = [
  'deployment',
  'deployment-before',
  'served-before',
  'artifact',
  'deployment-verified',
  'rollback-command',
]

/** Gives a run that undoes what an earlier one deployed that run's facts. Throws a `Problem` (3) where there is none. */
export async function inheritDeployment({session, run}: Running): Promise<void> {
  // Each fact by itself: a process may have died between two of them.
  const missing = needed.filter((name) => !run.state().facts.has(name))
  if (missing.length === 0 || run.state().rollback !== null) return
  const state = await lastDeployment(session, {drilled: run.state().kind === 'drill'})
  for (const name of missing) {
    const value = recorded(state, name)
    if (value !== undefined) run.append(factRecorded(name, value))
  }
}

/** The last run that deployed something that is to be undone. */
async function lastDeployment(session: Session, {drilled}: {drilled: boolean}): Promise<RunState> {
  const {runs} = await recordsOf(session)
  const last = runs.toReversed().find(
    ({scenario, kind, result}) =>
      scenario === session.scenario &&
      ((kind === 'scenario' && result === 'succeeded') ||
        // A way back that was not proven is what a person tries again.
        (!drilled && result === 'rollback-failed')),
  )
  if (last === undefined) {
    throw problem({
      what: {
        fr: 'Aucun déploiement réussi n’est enregistré : aucun retour possible.',
        en: 'No successful deployment is recorded: nothing to go back from.',
      },
      next: `npx zx scripts/${session.scenario}.ts`,
      exit: 3,
    })
  }
  return last.load()
}

/**
 * A rehearsal that could only fail is refused before anything is recorded of it: a failed one would take
 * STAGING's validation away. Throws a `Problem` (3) that says what it needs.
 */
export async function assertRehearsable(session: Session): Promise<void> {
  const state = await lastDeployment(session, {drilled: true})
  if (recorded(state, 'deployment-before') !== undefined) return
  const version = recorded(state, 'deployment')?.version
  throw problem({
    what: {
      fr: 'L’exercice demande deux versions, et une seule a été déployée : rien où revenir.',
      en: 'A drill needs two versions, and only one was deployed: nothing to go back to.',
    },
    ...(version ? {why: version} : {}),
    next: {
      fr: `déployez une seconde fois avec npx zx scripts/${session.scenario}.ts, puis relancez l’exercice`,
      en: `deploy a second time with npx zx scripts/${session.scenario}.ts, then run the drill again`,
    },
    exit: 3,
  })
}

export async function drill(running: Running): Promise<{passed: boolean; why: Text}> {
  await inheritDeployment(running)
  const why: Text = {fr: 'exercice de rollback', en: 'rollback drill'}
  const {result} = await rollBack(running, {kind: 'drill', why})
  const back = proofOf(running.run.state(), 'checkpoint')
  if (result === 'verified' && back?.verdict === 'pass') {
    return {
      passed: true,
      why: {
        fr: 'retour à la version précédente prouvé, checkpoint remis en ligne et prouvé',
        en: 'previous version proven, checkpoint live again and proven',
      },
    }
  }
  return {
    passed: false,
    why: back?.observed ?? {
      fr: 'la version précédente n’a pas été prouvée',
      en: 'the previous version was not proven',
    },
  }
}
