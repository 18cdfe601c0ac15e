// From events to the state of a run: pure, total over the journal, one pass. `fold` and a chain of
// `apply` give the same state, so that what was resumed cannot differ from what was never killed.

import type {Event, EventBody, Sample} from './event.ts'
import type {RunState, StepState} from './run.ts'
import {natureOf} from './step-nature.ts'
import type {Text} from './text.ts'

type Loose<T> =
  T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T extends readonly (infer E)[] ? E[] : T
type Draft = {-readonly [K in keyof RunState]: Loose<RunState[K]>} & {
  /** What states share is copied before it changes; a fold shares nothing until its end. */
  shares: boolean
}

type Kind<T extends EventBody['type']> = Extract<Event, {type: T}>

/** The state after `events`, in journal order. Throws where the first is not `run-started`. */
export function fold(events: readonly Event[]): RunState {
  const [first, ...rest] = events
  if (first?.type !== 'run-started') throw new Error('a journal begins with run-started')
  const draft = begin(first)
  for (const event of rest) step(draft, event)
  return stateOf(draft)
}

/**
 * The state after one more event; the given state is left as it was. The newest state goes on in the
 * lists that it grew in, so that a long journal costs each event once.
 */
export function apply(state: RunState, event: Event): RunState {
  const grown = drafts.get(state)
  const isNewest =
    grown?.draft.events.length === grown?.events && grown?.draft.samples.length === grown?.samples
  const draft = grown !== undefined && isNewest ? {...grown.draft, shares: true} : copy(state)
  step(draft, event)
  return stateOf(draft)
}

/** What a state was made from, and how long its growing lists were then. */
const drafts = new WeakMap<
  RunState,
  {readonly draft: Draft; readonly events: number; readonly samples: number}
>()

/** Events and samples only ever grow: a state's own are cut from them when somebody reads them. */
function stateOf(draft: Draft): RunState {
  const {shares, events: allEvents, samples: allSamples, ...rest} = draft
  const grown = {draft, events: allEvents.length, samples: allSamples.length}
  let events: readonly Event[] | undefined
  let samples: readonly Sample[] | undefined
  const state: RunState = {
    ...rest,
    get samples() {
      samples ??= allSamples.slice(0, grown.samples)
      return samples
    },
    get events() {
      events ??= allEvents.slice(0, grown.events)
      return events
    },
  }
  drafts.set(state, grown)
  return state
}

function begin(event: Kind<'run-started'>): Draft {
  return {
    run: event.run,
    scenario: event.scenario,
    kind: event.kind,
    started: event,
    checkpoint: event.checkpoint,
    phases: [],
    items: new Map(),
    steps: new Map(),
    facts: new Map(),
    samples: [],
    incidents: [],
    triggers: [],
    rollback: null,
    resumes: [],
    pause: null,
    decided: null,
    documents: [],
    commit: null,
    tag: null,
    pushed: null,
    ended: null,
    effects: false,
    deploymentAttempted: false,
    events: [event],
    shares: false,
  }
}

function copy(state: RunState): Draft {
  return {
    ...state,
    phases: [...state.phases],
    items: new Map(state.items),
    steps: new Map(state.steps),
    facts: new Map(state.facts),
    samples: [...state.samples],
    incidents: [...state.incidents],
    triggers: [...state.triggers],
    resumes: [...state.resumes],
    documents: [...state.documents],
    events: [...state.events],
    shares: true,
  }
}

/** The map with one entry more or other, in place where nobody else has it. */
function withEntry<Value>(
  {shares}: Draft,
  map: Map<string, Value>,
  [key, value]: readonly [string, Value],
): Map<string, Value> {
  return (shares ? new Map(map) : map).set(key, value)
}

function withOneMore<Item>({shares}: Draft, list: Item[], item: Item): Item[] {
  if (shares) return [...list, item]
  list.push(item)
  return list
}

function step(draft: Draft, event: Event): void {
  draft.events.push(event)
  const {at} = event
  switch (event.type) {
    case 'run-started':
      throw new Error('a journal begins once')
    case 'run-resumed':
      draft.pause = null
      draft.resumes = withOneMore(draft, draft.resumes, {
        ...{at, note: event.note, machine: event.machine},
      })
      return
    case 'run-taken-over':
      draft.pause = null
      draft.resumes = withOneMore(draft, draft.resumes, {
        ...{at, note: takeOver(event), machine: event.machine},
      })
      return
    case 'phase-started':
      draft.pause = null
      replacePhase(draft, {
        phase: event.phase,
        title: event.title,
        mode: event.mode,
        startedAt: draft.phases.find(({phase}) => phase === event.phase)?.startedAt ?? at,
        confirmed: null,
        finishedAt: null,
      })
      return
    case 'phase-confirmed': {
      const {phase, typed, told = [], by} = event
      changePhase(draft, phase, {confirmed: {typed, told, by, at}})
      return
    }
    case 'phase-finished':
      changePhase(draft, event.phase, {finishedAt: at})
      return
    case 'item-judged': {
      const {v, seq, prev, type, ...outcome} = event
      draft.items = withEntry(draft, draft.items, [event.item, outcome])
      return
    }
    case 'step-intended':
      draft.pause = null
      intend(draft, event)
      return
    case 'child-started':
    case 'child-ended':
      child(draft, event)
      return
    case 'step-finished':
      finish(draft, event)
      return
    case 'fact-recorded':
      draft.facts = withEntry(draft, draft.facts, [event.name, {value: event.value, at}])
      return
    case 'samples-taken':
      for (const sample of event.samples) draft.samples.push(sample)
      return
    case 'incident-recorded': {
      const {what, severity, environment} = event
      const by = authorOf(event)
      const incident = {what, severity, environment, by, at: event.declaredAt ?? at}
      draft.incidents = withOneMore(draft, draft.incidents, incident)
      if (severity === 'critical' && by === null) draft.effects = true
      return
    }
    case 'trigger-fired':
      draft.triggers = withOneMore(draft, draft.triggers, {
        trigger: event.trigger,
        item: event.item,
        observed: event.observed,
        at,
      })
      return
    case 'rollback-started':
      draft.pause = null
      draft.rollback = {kind: event.kind, why: event.why, startedAt: at, finished: null}
      return
    case 'rollback-finished':
      if (draft.rollback === null) throw new Error('rollback-finished without rollback-started')
      draft.rollback = {
        ...draft.rollback,
        finished: {result: event.result, observed: event.observed, at},
      }
      return
    case 'run-paused':
      draft.pause = {at, waitingFor: event.waitingFor, earliest: event.earliest}
      return
    case 'run-decided':
      draft.pause = null
      draft.decided = {result: event.result, why: event.why, at}
      return
    case 'documents-written':
      draft.documents = [...event.documents]
      return
    case 'documents-committed':
      draft.commit = event.commit
      return
    case 'run-tagged':
      draft.tag = event.tag
      return
    case 'documents-pushed':
      draft.pushed = {branch: event.branch, commit: event.commit}
      return
    case 'notified':
      return
    case 'run-ended':
      draft.pause = null
      draft.ended = {result: event.result, at}
      return
    default: {
      const never: never = event
      throw new Error(`unknown event ${JSON.stringify(never)}`)
    }
  }
}

/** Older journals write `automatique` where nobody declared it. */
export const authorOf = ({by}: Kind<'incident-recorded'>): string | null =>
  by === 'automatique' ? null : by

const takeOver = (event: Kind<'run-taken-over'>): Text => ({
  fr: `reprise par ${event.operator} depuis ${event.from} : ${event.why}`,
  en: `taken over by ${event.operator} from ${event.from}: ${event.why}`,
})

function replacePhase(draft: Draft, phase: Draft['phases'][number]): void {
  const index = draft.phases.findIndex((known) => known.phase === phase.phase)
  draft.phases =
    index < 0
      ? withOneMore(draft, draft.phases, phase)
      : draft.phases.map((known, at) => (at === index ? phase : known))
}

function changePhase(draft: Draft, id: string, change: Partial<Draft['phases'][number]>): void {
  const phase = draft.phases.find((known) => known.phase === id)
  if (phase !== undefined) replacePhase(draft, {...phase, ...change})
}

function intend(draft: Draft, event: Kind<'step-intended'>): void {
  const mode = draft.phases.find(({phase}) => phase === event.phase)?.mode
  // A freeze acts on no environment; its tag and its documents are its effects.
  if (mode === 'EXECUTIVE' || event.phase === 'rollback' || draft.scenario === 'freeze')
    draft.effects = true
  const nature = natureOf(event)
  if (nature.deploys) draft.deploymentAttempted = true
  const key = `${event.phase}/${event.step}`
  const state: StepState = {
    step: event.step,
    phase: event.phase,
    nature,
    status: 'intended',
    attempt: event.attempt,
    effects: event.effects,
    verdict: null,
    observed: '',
    evidence: [],
    startedAt: event.at,
    finishedAt: null,
    durationMs: 0,
    children: [],
  }
  draft.steps = withEntry(draft, draft.steps, [key, state])
}

function finish(draft: Draft, event: Kind<'step-finished'>): void {
  const key = `${event.phase}/${event.step}`
  const known = draft.steps.get(key)
  const same = known?.attempt === event.attempt && known.status === 'intended' ? known : undefined
  const state: StepState = {
    step: event.step,
    phase: event.phase,
    nature: natureOf(event),
    status: 'finished',
    attempt: event.attempt,
    effects: same?.effects ?? [],
    verdict: event.verdict,
    ...(event.untouched && {untouched: true}),
    observed: event.observed,
    evidence: event.evidence,
    startedAt: same?.startedAt ?? new Date(Date.parse(event.at) - event.durationMs).toISOString(),
    finishedAt: event.at,
    durationMs: event.durationMs,
    children: same?.children ?? [],
  }
  draft.steps = withEntry(draft, draft.steps, [key, state])
}

/** A child belongs to the step of its name that is under way. */
function child(draft: Draft, event: Kind<'child-started' | 'child-ended'>): void {
  const entry = [...draft.steps].reverse().find(([, {step, status}]) => {
    return step === event.step && status === 'intended'
  })
  if (entry === undefined) return
  const [key, known] = entry
  const children = childrenAfter(known.children, event)
  draft.steps = withEntry(draft, draft.steps, [key, {...known, children}])
}

function childrenAfter(
  children: StepState['children'],
  event: Kind<'child-started' | 'child-ended'>,
): StepState['children'] {
  if (event.type === 'child-started') {
    const {pid, birth, command} = event
    return [...children, {pid, birth, command, exitCode: null, ended: false, durationMs: 0}]
  }
  const index = children.findLastIndex(({ended}) => !ended)
  return children.map((known, at) =>
    at === index
      ? {...known, exitCode: event.exitCode, ended: true, durationMs: event.durationMs}
      : known,
  )
}
