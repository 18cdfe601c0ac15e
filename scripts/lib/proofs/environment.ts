// The environment that a check looks at; a freeze has none.

import type {Environment} from '../domain/event.ts'
import {problem} from '../domain/problem.ts'
import type {Context} from '../kit/context.ts'

/** Throws a `Problem` (2) where the scenario acts on no environment: the runbook asks for nonsense. */
export function environmentOf({environment, runbook}: Context): Environment {
  if (environment !== null) return environment
  throw problem({
    what: {
      fr: `${runbook.path} : ce scénario n’agit sur aucun environnement.`,
      en: `${runbook.path}: this scenario acts on no environment.`,
    },
    next: {
      fr: 'retirer du runbook la vérification qui en demande un',
      en: 'take the check that needs one out of the runbook',
    },
    exit: 2,
  })
}
