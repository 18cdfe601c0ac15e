// The documents that a run leaves, one row each: under which name, from which template and view, how it
// is written and therefore audited, and what links to it. Deriving, finishing, planning, auditing and
// linting walk this table: a new document is one row here, one template and one view.

import type {WantedTable} from '../documents/table.ts'
import type {View} from '../documents/template.ts'
import {recorded} from './recorded.ts'
import type {RunState} from './run.ts'
import {dayInName} from './times.ts'
import {backlogView, parts, type WrittenRow} from './views/backlog.ts'
import {changelogView} from './views/changelog-entry.ts'
import {freezeView} from './views/freeze.ts'
import {gateHistory, gateRow, runbookHistory, runbookRow} from './views/history-row.ts'
import type {ViewInput} from './views/input.ts'
import {type LedgerValues, ledgerPath, ledgerRow} from './views/ledger-row.ts'
import {owesPostMortem} from './views/owed.ts'
import {postMortemView} from './views/post-mortem.ts'
import {reportView} from './views/report.ts'
import {runEndedAt, trace} from './views/trace.ts'

/** A run that was refused or closed before its first effect leaves nothing; an exit from a freeze always does. */
export function leavesDocuments(state: RunState): boolean {
  return state.effects || state.rollback !== null || state.kind === 'exit'
}

/** Texts that come with a run, not from a template. */
export interface RunTexts {
  readonly state: RunState
  readonly stampedRunbook: string
  /** Null where nothing was built. */
  readonly manifest: string | null
}

export type Writing =
  /** As the run has it; compared whole. Null: not left by this run. */
  | {readonly how: 'text'; readonly text: (texts: RunTexts) => string | null}
  /** The journal itself, which cannot be derived from itself. */
  | {readonly how: 'journal'}
  /** From its template, by this run alone; compared whole. */
  | {readonly how: 'whole'; readonly template: string; readonly view: (input: ViewInput) => View}
  /** The machine's blocks of a document in which people write. `rows`: blocks in which people complete
   * the machine's rows, so that only what the machine wrote is compared. */
  | {
      readonly how: 'blocks'
      readonly template: string
      readonly view: (input: ViewInput, written: readonly WrittenRow[]) => View
      readonly blocks: readonly string[]
      readonly rows?: readonly WrittenRow['part'][]
    }
  /** One row of a document that every run adds to. `template`: what it begins as, filled with the
   * traceability fields. `section`: the table's place; only where the document is there already. */
  | {
      readonly how: 'row'
      readonly values: (input: ViewInput) => LedgerValues
      readonly template?: (state: RunState) => string
      readonly section?: WantedTable
    }
  /** One entry of the changelog. */
  | {readonly how: 'entry'; readonly template: string; readonly view: (input: ViewInput) => View}

/** What a document's name depends on. `free`: the first name of that base which is not taken yet. */
interface Naming {
  readonly state: RunState
  readonly folder: string
  readonly free: (base: string) => string
}

export interface RunDocument {
  /** Stable: views, the journal (fact `document-names`) and `--json` call it so. */
  readonly key: string
  /** Its path in the project; null where this run leaves none. */
  readonly path: (naming: Naming) => string | null
  /** Chosen once, by what is taken already, and journalled: a resume or an audit finds the same. */
  readonly dated?: true
  /** What a report's list of documents calls it; without one it is not listed. */
  readonly title?: string
  readonly isListed?: (state: RunState) => boolean
  /** Named on the screen when the run ends. */
  readonly told?: true
  readonly writing: Writing
}

const releases = ({scenario}: RunState) => scenario !== 'freeze'
const freezes = ({scenario, kind}: RunState) => scenario === 'freeze' && kind === 'scenario'

const dated =
  (base: string, isLeft: (state: RunState) => boolean): RunDocument['path'] =>
  ({state, free}) =>
    isLeft(state) && leavesDocuments(state)
      ? free(`docs/${base}_${dayInName(runEndedAt(state))}`)
      : null

const ledgerTemplates = {
  staging: 'templates/staging-deployments.md',
  production: 'templates/prod-deployments.md',
  freeze: 'templates/release-freezes.md',
} as const

export const documents: readonly RunDocument[] = [
  {
    ...{key: 'stamped', title: 'Runbook tamponné', told: true},
    path: ({folder}) => `${folder}/runbook.md`,
    writing: {how: 'text', text: ({stampedRunbook}) => stampedRunbook},
  },
  {
    ...{key: 'journal', title: 'Journal de l’exécution'},
    path: ({folder}) => `${folder}/journal.jsonl`,
    writing: {how: 'journal'},
  },
  {
    ...{key: 'manifest', title: 'Manifeste de l’artefact'},
    path: ({folder}) => `${folder}/manifest.sha256`,
    isListed: (state) => recorded(state, 'artifact') !== undefined,
    writing: {how: 'text', text: ({manifest}) => manifest},
  },
  // As they were when the run relied on them: who may sign with which key, and who may decide.
  {
    key: 'signers',
    path: ({folder}) => `${folder}/allowed_signers`,
    writing: {how: 'text', text: ({state}) => recorded(state, 'approval')?.signers || null},
  },
  {
    key: 'decision',
    path: ({folder}) => `${folder}/decision.md`,
    writing: {how: 'text', text: ({state}) => recorded(state, 'approval')?.decision || null},
  },
  {
    ...{key: 'ledger', title: 'Registre', told: true},
    path: ({state}) => ledgerPath[state.scenario],
    writing: {how: 'row', values: ledgerRow, template: ({scenario}) => ledgerTemplates[scenario]},
  },
  {
    ...{key: 'gate', title: 'Release Gate'},
    path: ({state}) => state.started.gate.path,
    writing: {how: 'row', values: gateRow, section: gateHistory},
  },
  {
    key: 'runbook',
    path: ({state}) => state.started.runbook.path,
    writing: {how: 'row', values: runbookRow, section: runbookHistory},
  },
  {
    ...{key: 'changelog', title: 'Journal des changements'},
    path: () => 'CHANGELOG.md',
    writing: {how: 'entry', template: 'templates/changelog-entry.md', view: changelogView},
  },
  {
    ...{key: 'postMortem', title: 'Post-mortem', dated: true, told: true},
    path: dated('POST_MORTEM_ROLLBACK', owesPostMortem),
    writing: {
      ...{how: 'blocks', template: 'templates/post-mortem-rollback.md', view: postMortemView},
      blocks: ['facts'],
    },
  },
  {
    ...{key: 'freeze', title: 'Document de freeze', dated: true, told: true},
    path: dated('RELEASE_FREEZE', freezes),
    writing: {how: 'whole', template: 'templates/freeze.md', view: freezeView},
  },
  {
    ...{key: 'backlog', title: 'Backlog', dated: true, told: true},
    // One for a month: the next freeze of the month goes on in it.
    path: ({state}) =>
      freezes(state) && leavesDocuments(state)
        ? `docs/BACKLOG_POST_RELEASE_${dayInName(runEndedAt(state)).slice(0, 7)}.md`
        : null,
    writing: {
      ...{how: 'blocks', template: 'templates/backlog.md', view: backlogView},
      ...{blocks: ['source', ...parts], rows: parts},
    },
  },
  {
    ...{key: 'report', dated: true, told: true},
    path: dated('DEPLOYMENT_REPORT', releases),
    writing: {how: 'whole', template: 'templates/deployment-report.md', view: reportView},
  },
]

/** The templates that runs fill in, by path, each with a view of `input` to try it on. */
export function documentViews(input: ViewInput): ReadonlyMap<string, View> {
  const found = new Map<string, View>(
    Object.values(ledgerTemplates).map((path) => [path, trace(input)]),
  )
  for (const {writing} of documents) {
    if ('template' in writing && typeof writing.template === 'string' && 'view' in writing)
      found.set(writing.template, writing.view(input, []))
  }
  return found
}
