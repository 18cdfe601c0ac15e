// `status.ts --history`: every recorded run and the figures over all of them. Rests on the summaries
// kept by object id, so that thousands of runs cost no more than reading one file.

import {onScreen} from '../../base/screen.ts'
import {escapeCell} from '../../documents/escape.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {marked, markOf} from '../../domain/mark.ts'
import {
  type MeasuredRun,
  type ReleaseFigures,
  releaseFigures,
  span,
} from '../../domain/release-figures.ts'
import type {Lang} from '../../domain/text.ts'
import {frenchDuration, frenchNumber, frenchPercent, utcMinute} from '../../domain/times.ts'
import type {Workspace} from '../../run/session.ts'
import {type RecordedRun, readRecords} from '../../store/records/records.ts'
import {resultWords, scenarioLabel} from './lines.ts'

/** Shows the history as lines, as Markdown, or (with `--json`) as data. Exit code 0. */
export async function showHistory(
  workspace: Workspace,
  {markdown}: {markdown: boolean},
): Promise<number> {
  const {terminal, mask} = workspace
  const history = await readRunHistory(workspace)
  if (terminal.json) {
    terminal.result('history', history)
    return 0
  }
  const lines = (markdown ? asMarkdown : asLines)(history, terminal.lang)
  const text = mask.mask(`${lines.join('\n')}\n`)
  process.stdout.write(markdown ? text : onScreen(text))
  return 0
}

export type RunHistory = JsonOutput<'history'>

export async function readRunHistory({world}: Workspace): Promise<RunHistory> {
  const {runs, complete} = await readRecords(world.repository, {cache: world.cache})
  const measured = runs.map(measuredRun)
  const figures = (['staging', 'production'] as const).map((scenario) =>
    releaseFigures(measured, scenario, world.clock.now()),
  )
  return {sandbox: world.mark !== '', complete, runs: measured, figures}
}

function measuredRun(each: RecordedRun): MeasuredRun {
  const {run, scenario, kind, result, tag, commit, startedAt, endedAt, figures} = each
  return {
    ...{run, scenario, kind, result, tag, commit, startedAt, endedAt},
    committedAt: figures?.committedAt ?? null,
    deployedAt: figures?.deployedAt ?? null,
    provenAt: figures?.provenAt ?? null,
    brokenAt: figures?.brokenAt ?? null,
    restoredAt: figures?.restoredAt ?? null,
  }
}

export const historyWords = {
  fr: {
    columns: [
      'Date (UTC)',
      'Scénario',
      'Résultat',
      'Durée',
      'Délai',
      'Rétablissement',
      'Tag',
      'Exécution',
    ],
    figures: ['Indicateur', 'STAGING', 'PRODUCTION'],
    rows: [
      'Exécutions',
      'Déploiements',
      'Déploiements par semaine',
      'Taux d’échec',
      'Délai médian, du commit à la preuve',
      'Rétablissement médian',
      'Durée médiane',
    ],
    title: 'Historique des exécutions',
    none: 'Aucune exécution enregistrée.',
    partial: 'Le dépôt distant ne répond pas : seul ce qui est connu ici est compté.',
    open: 'sans fin',
    unknown: 'inconnu',
    day: 'j',
  },
  en: {
    columns: [
      'Date (UTC)',
      'Scenario',
      'Result',
      'Duration',
      'Lead time',
      'Recovery',
      'Tag',
      'Run',
    ],
    figures: ['Figure', 'STAGING', 'PRODUCTION'],
    rows: [
      'Runs',
      'Deployments',
      'Deployments a week',
      'Change failure rate',
      'Median lead time, commit to proof',
      'Median recovery time',
      'Median duration',
    ],
    title: 'History of the runs',
    none: 'No run is recorded.',
    partial: 'The remote does not answer: only what is known here is counted.',
    open: 'no end',
    unknown: 'unknown',
    day: 'd',
  },
} as const

/** The cells of one run, under `columns`. */
export function historyRow(run: MeasuredRun, lang: Lang): string[] {
  const {open} = historyWords[lang]
  const kind = run.kind === 'scenario' ? '' : ` · ${run.kind}`
  return [
    utcMinute(run.endedAt ?? run.startedAt).replace(' UTC', ''),
    `${scenarioLabel(run.scenario)}${kind}`,
    run.result === null ? open : resultWords[run.result][lang],
    shown(span(run.startedAt, run.endedAt), lang, ''),
    run.result === 'succeeded' ? shown(span(run.committedAt, run.provenAt), lang, '') : '',
    shown(span(run.brokenAt, run.restoredAt), lang, ''),
    run.tag,
    run.run,
  ]
}

/** The cells of each figure, under `figures`. */
export function figureRows(figures: readonly ReleaseFigures[], lang: Lang): string[][] {
  const {rows, unknown} = historyWords[lang]
  const values = figures.map((each) => [
    frenchNumber(each.runs),
    frenchNumber(each.deployments),
    each.perWeek === null ? unknown : frenchNumber(each.perWeek, 1),
    each.failureRate === null
      ? unknown
      : `${frenchPercent(each.failureRate, 1)} (${each.failures}/${each.deployments})`,
    shown(each.leadMs, lang, unknown),
    shown(each.recoveryMs, lang, unknown),
    shown(each.durationMs, lang, unknown),
  ])
  return rows.map((name, index) => [name, ...values.map((column) => column[index] ?? '')])
}

const shown = (ms: number | null, lang: Lang, otherwise: string): string =>
  ms === null ? otherwise : frenchDuration(ms).replace(' j ', ` ${historyWords[lang].day} `)

function asLines({runs, figures, complete, ...history}: RunHistory, lang: Lang): string[] {
  const {title, none, partial, columns} = historyWords[lang]
  const head = marked(markOf(history), title)
  const notes = complete ? [] : [`! ${partial}`]
  if (runs.length === 0) return [head, ...notes, none]
  return [
    ...[head, ...notes, ''],
    ...aligned([[...columns], ...runs.map((run) => historyRow(run, lang))]),
    '',
    ...aligned([[...historyWords[lang].figures], ...figureRows(figures, lang)]),
  ]
}

function asMarkdown({runs, figures, complete, ...history}: RunHistory, lang: Lang): string[] {
  const {title, none, partial, columns} = historyWords[lang]
  const notes = complete ? [] : [`> ${partial}`, '']
  return [
    ...[`# ${marked(markOf(history), title)}`, '', ...notes],
    ...(runs.length === 0
      ? [none]
      : table(
          [...columns],
          runs.map((run) => historyRow(run, lang)),
        )),
    '',
    ...table([...historyWords[lang].figures], figureRows(figures, lang)),
  ]
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(header),
    line(header.map(() => '---')),
    ...rows.map((cells) => line(cells.map(escapeCell))),
  ]
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
