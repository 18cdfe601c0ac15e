// What a step is to the rest of a run, said where the step is defined and journalled with it: nothing
// elsewhere goes by a step's name.

export interface StepNature {
  /** Users may see another version from here on: an abort rolls back, and no half is forgotten. */
  readonly deploys?: true
  /** Its outcome says whether this version is what is served. */
  readonly proves?: 'previous' | 'checkpoint'
  /** What somebody owes as long as it did not end well: STAGING's data, or the decision about PROD's. */
  readonly owes?: 'database' | 'data-decision'
  /** Who answers it decides the run, as an authorisation does. */
  readonly decides?: true
  /** It looks at the new version for a time; its figures are the fact `watch`. */
  readonly watches?: true
}

interface Journalled {
  readonly phase: string
  readonly step: string
  readonly nature?: StepNature | undefined
}

/** The nature that an event names; of a journal from before natures were journalled, by its id. */
export const natureOf = ({phase, step, nature}: Journalled): StepNature =>
  nature ?? earlier[`${phase}/${step}`] ?? earlier[step] ?? {}

const earlier: Readonly<Record<string, StepNature>> = {
  deploy: {deploys: true},
  watch: {watches: true},
  'reset/reset-database': {owes: 'database'},
  'rollback/verify-previous': {proves: 'previous'},
  'rollback/verify-checkpoint': {proves: 'checkpoint'},
  'rollback/data-decision': {owes: 'data-decision'},
}
