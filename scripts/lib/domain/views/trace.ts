// What every document says of a run: the five traceability fields of the common rules (when, who,
// checkpoint, result, incidents), and where the run comes from.

import {recorded} from '../recorded.ts'
import type {RunState} from '../run.ts'
import {between, day, frenchCount, frenchDate, frenchDuration, utc} from '../times.ts'
import type {ViewInput} from './input.ts'
import {validator} from './outcomes.ts'
import {fr, resultMark, resultName, scenarioName, severityName} from './words.ts'

/** Strings for templates; `sandbox` is the only switch. */
export function trace({state, runbook}: Pick<ViewInput, 'state' | 'runbook'>) {
  const {started, checkpoint, decided} = state
  const finishedAt = runEndedAt(state)
  return {
    sandbox: started.sandbox,
    zone: recorded(state, 'timezone')?.zone ?? '',
    scenario: scenarioName[state.scenario],
    kind: kindName[state.kind],
    run: state.run,
    date: day(finishedAt),
    dateInWords: frenchDate(finishedAt),
    started: utc(started.at),
    finished: utc(finishedAt),
    duration: frenchDuration(between(started.at, finishedAt)),
    validator: validator(state, runbook),
    tag: checkpoint.tag,
    tagObject: checkpoint.tagObject,
    commit: checkpoint.commit,
    shortCommit: checkpoint.commit.slice(0, 7),
    result: decided === null ? 'En cours' : resultName[decided.result],
    resultMark: decided === null ? '⏳' : resultMark[decided.result],
    why: decided === null ? '' : sentence(fr(decided.why)),
    incidentCount: incidentCount(state),
    incidents: state.incidents.map(({what, severity, environment, by, at}) => ({
      at: utc(at),
      severity: severityName[severity],
      what: fr(what),
      environment: environment === null ? '' : scenarioName[environment],
      by: by ?? 'automatique',
    })),
    operator: started.operator,
    machine: started.machine,
    platform: started.platform,
    bundle: started.bundle,
    project: started.project,
    gate: started.gate.path,
    gateDigest: started.gate.sha256,
    runbook: named(started),
    runbookDigest: started.runbook.sha256,
    reason: started.reason ?? '',
  }
}

/** The project's runbook by its path alone; the bundle's with the bundle's name and version. */
function named({runbook: {path, origin}, bundle}: RunState['started']): string {
  return origin === 'bundle' ? `${path} (Postgate ${bundle})` : path
}

const kindName = {
  scenario: 'exécution du scénario',
  rollback: 'rollback demandé',
  drill: 'exercice de rollback',
  exit: 'sortie de freeze',
} as const

/** When the run was decided; before that, its last event. */
export const runEndedAt = (state: RunState): string =>
  state.decided?.at ?? state.events.at(-1)?.at ?? state.started.at

/** Users who met errors until a trigger fired would not call that "no incident". */
const undoneByTrigger = ({rollback}: RunState) => rollback?.kind === 'trigger'

function incidentCount(state: RunState): string {
  if (state.incidents.length === 0 && undoneByTrigger(state))
    return 'le rollback automatique, aucun autre incident'
  return frenchCount(state.incidents.length, 'incident', 'incidents', 'aucun incident')
}

/** The incidents in one cell: how many, then each with its severity. */
export function incidentsInOneCell(state: RunState): string {
  if (state.incidents.length === 0) return undoneByTrigger(state) ? 'rollback automatique' : 'aucun'
  return state.incidents
    .map(({what, severity}) => `${severityName[severity]} : ${fr(what)}`)
    .join('\n')
}

/** Without its final full stop, since it is quoted within sentences. */
export const sentence = (words: string): string => words.trim().replace(/[.\s]+$/u, '')
