// A rehearsal of the rollback: back to the previous version, proven, then the checkpoint's recorded
// artifact again, proven too. It is no incident unless it fails.

import {type FactName, readFact} from '../../domain/facts.ts'
import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {recordsOf} from '../context-of.ts'
import type {Running} from '../running.ts'
import {undo} from './undo.ts'

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
  const {runs} = await recordsOf(session)
  const drilled = run.state().kind === 'drill'
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
  const state = await last.load()
  for (const name of missing) {
    const value = readFact(name, state.facts.get(name)?.value)
    if (value !== undefined) run.append({type: 'fact-recorded', name, value})
  }
}

export async function drill(running: Running): Promise<{passed: boolean; why: Text}> {
  await inheritDeployment(running)
  const why: Text = {fr: 'exercice de rollback', en: 'rollback drill'}
  const {result} = await undo(running, {kind: 'drill', why})
  const back = running.run.state().steps.get('rollback/verify-checkpoint')
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
