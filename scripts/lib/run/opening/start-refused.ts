// Why a command cannot go on with the run that is open here, or begin beside it.

import {problem} from '../../domain/problem.ts'
import {recorded} from '../../domain/recorded.ts'
import type {RunState} from '../../domain/run.ts'
import type {LeaseHolder} from '../../store/lease/record.ts'

/** A freeze that still waits for someone (its team was not told) refuses with its reason all the same. */
export function otherScenario(state: RunState) {
  const frozen = recorded(state, 'freeze')
  const next = `npx zx scripts/${state.scenario}.ts`
  if (frozen === undefined) {
    return problem({
      what: {
        fr: `Une exécution du scénario ${state.scenario} est ouverte ici.`,
        en: `A run of scenario ${state.scenario} is open here.`,
      },
      why: `${state.run}, ${state.started.at}`,
      next: `${next} --status`,
      exit: 3,
    })
  }
  return problem({
    what: {
      fr: `La release est gelée : ${frozen.reason}`,
      en: `The release is frozen: ${frozen.reason}`,
    },
    why: {
      fr: `décidé par ${frozen.responsible} ; ${state.run} attend encore une réponse`,
      en: `decided by ${frozen.responsible}; ${state.run} still waits for an answer`,
    },
    next: {
      fr: `${next} pour finir le freeze, puis ${next} --exit pour en sortir`,
      en: `${next} to finish the freeze, then ${next} --exit to leave it`,
    },
    exit: 3,
  })
}

export const otherLease = ({run, scenario, operator, machine}: LeaseHolder) =>
  problem({
    what: {
      fr: `Aucune exécution de ce scénario à reprendre : celle qui est ouverte est du scénario ${scenario}.`,
      en: `There is no run of this scenario to take over: the open one is of scenario ${scenario}.`,
    },
    why: `${run}, ${operator}@${machine}`,
    next: `npx zx scripts/${scenario}.ts --take-over RAISON`,
    exit: 3,
  })

export const policyChanged = (state: RunState) =>
  problem({
    what: {
      fr: 'La politique a changé pendant l’exécution.',
      en: 'The policy changed during the run.',
    },
    why: {
      fr: `le runbook, la gate ou le tag ne sont plus ceux de ${state.run}`,
      en: `runbook, gate or tag are no longer those of ${state.run}`,
    },
    next: {
      fr: 'les rétablir et relancer, ou terminer avec --abort RAISON',
      en: 'restore them and run again, or end it with --abort WHY',
    },
    exit: 3,
  })

export const endedElsewhere = (run: string) =>
  problem({
    what: {
      fr: `${run} a été repris et terminé sur un autre poste.`,
      en: `${run} was taken over and ended on another machine.`,
    },
    why: {
      fr: `sa trace est dans refs/postgate/runs/${run} ; ce poste n’a rien changé de plus`,
      en: `its record is in refs/postgate/runs/${run}; this machine changed nothing more`,
    },
    next: {
      fr: 'git pull, puis npx zx scripts/status.ts ; la même commande ouvre une nouvelle exécution',
      en: 'git pull, then npx zx scripts/status.ts; the same command opens a new run',
    },
    exit: 3,
  })
