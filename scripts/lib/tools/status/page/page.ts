// Where things stand as one page: a view over what `--json` and `--history --json` print, and nothing
// besides. It fetches nothing, and says so to the browser.

import {createHash} from 'node:crypto'
import {marked, markOf} from '../../../domain/mark.ts'
import type {MeasuredRun} from '../../../domain/release-figures.ts'
import {inLang, type Lang, type Text} from '../../../domain/text.ts'
import {frenchDuration, frenchNumber, frenchPercent, utcMinute} from '../../../domain/times.ts'
import {incidentWords} from '../../../words/incidents.ts'
import {processWords} from '../../../words/observed.ts'
import {figureRows, historyRow, historyWords, type RunHistory} from '../history.ts'
import {liveWords, resultWords, scenarioLabel} from '../lines.ts'
import type {OpenRun} from '../run.ts'
import type {ProjectStatus} from '../state.ts'
import {curves} from './curve.ts'
import {type Html, htmlWith, type Markup} from './markup.ts'
import {localTimes, refreshing, style} from './style.ts'
import {pageWords} from './words.ts'

export interface PageInput {
  readonly status: ProjectStatus
  readonly history: RunHistory
  readonly lang: Lang
  readonly mask: (text: string) => string
  /** The commands that write this page again, and that goes on with the open run. */
  readonly commands: {readonly page: string; readonly goOn: string | null}
  /** Seconds after which the page reads itself again; null: it is written once. */
  readonly everySeconds: number | null
}

interface Shown extends PageInput {
  readonly html: Html
  readonly words: (typeof pageWords)[Lang]
  readonly say: (text: Text) => string
}

const runsMost = 200
const runsAtOnce = 12

export function statusPage(input: PageInput): string {
  const html = htmlWith(input.mask)
  const shown: Shown = {
    ...input,
    ...{html, words: pageWords[input.lang], say: (text) => inLang(text, input.lang)},
  }
  const {status, words, lang, everySeconds} = shown
  const script = `${localTimes}${everySeconds === null ? '' : refreshing(everySeconds)}`
  // Markup of our own, not texts: neither masked nor escaped.
  const styles: Markup = {html: `<style>${style}</style>`}
  const scripts: Markup = {html: `<script>${script}</script>`}
  const digest = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`
  const title = words.title(status.project)
  const mark = markOf(status)
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${marked(mark, title)}</title>
${styles}
</head>
<body>
<header>
${mark === '' ? null : html`<p class="mark warn">${mark}</p>`}
<h1>${title}</h1>
<p class="soft">${words.asOf} ${time(shown, status.at)}
${everySeconds === null ? null : html`<button id="refresh" type="button" hidden data-stop="${words.stop}" data-start="${words.start}">${words.stop}</button>`}</p>
${status.remote === 'away' ? html`<p class="mark warn">${words.away}</p>` : null}
</header>
<main>
${owedPart(shown)}
${incidentsPart(shown)}
${frozenPart(shown)}
${livePart(shown)}
${runPart(shown)}
${watchPart(shown)}
${historyPart(shown)}
</main>
<footer class="soft"><p>${words.written} <code>${input.commands.page}</code></p></footer>
${scripts}
</body>
</html>
`.html
}

const time = ({html}: Shown, at: string): Markup =>
  html`<time datetime="${at}">${utcMinute(at)}</time>`

function owedPart({html, status, words, say}: Shown): Markup {
  if (status.owed.length === 0)
    return html`<section class="owed none"><h2>${words.owed}</h2><p>${words.nothingOwed}</p></section>`
  return html`<section class="owed"><h2>${words.owed} (${status.owed.length})</h2><ul>
${status.owed.map(({what, run}) => html`<li>${say(what)} <span class="soft">(${run})</span></li>\n`)}</ul></section>`
}

function incidentsPart({html, status, words, say}: Shown): Markup | null {
  if (status.incidents.length === 0) return null
  return html`<section><h2>${words.incidents}</h2><ul>${status.incidents.map(
    (each) =>
      html`<li class="${each.severity === 'critical' ? 'mark bad' : ''}">${say(incidentWords(each))}</li>`,
  )}</ul></section>`
}

function frozenPart(shown: Shown): Markup | null {
  const {html, status, words} = shown
  if (status.freeze === null) return null
  const {since, tag, reason, responsible, review} = status.freeze
  const line = (name: string, value: string | null) =>
    value === null ? null : html`<p>${name} : ${value}</p>`
  return html`<section><h2>${words.frozen}</h2>
<p><span class="mark warn">${tag}</span> ${words.since} ${time(shown, since)}</p>
${line(words.reason, reason)}${line(words.responsible, responsible)}${line(words.review, review)}</section>`
}

function livePart(shown: Shown): Markup {
  const {html, words} = shown
  return html`<section><h2>${words.live}</h2><div class="cards">
${(['production', 'staging'] as const).map((scenario) => liveCard(shown, scenario))}
</div></section>`
}

function liveCard(shown: Shown, scenario: 'production' | 'staging'): Markup {
  const {html, status, words} = shown
  const head = html`<h3>${scenarioLabel(scenario)}</h3>`
  const live = status.live[scenario]
  const told = shown.say(liveWords(status, scenario))
  if (live === null) return html`<article class="card">${head}<p class="soft">${told}</p></article>`
  const by = html`<p class="soft">${words.byRun} ${live.run}</p>`
  if (live.status === 'none')
    return html`<article class="card">${head}<p class="version">${told}</p>${by}</article>`
  if (live.status === 'unknown') {
    const open = status.run?.run === live.run && status.run.decided === null
    return html`<article class="card">${head}<p class="mark ${open ? 'warn' : 'bad'}">${told}</p>${by}</article>`
  }
  const safe = live.url !== null && /^https?:\/\//.test(live.url)
  return html`<article class="card">${head}
<p class="version">${live.version ?? live.id ?? words.unknownVersion}</p>
${live.since === null ? null : html`<p>${words.since} ${time(shown, live.since)}</p>`}
${live.status === 'previous' ? html`<p class="mark warn">${words.restored}</p>` : null}
${live.tag === null ? null : html`<p><code>${live.tag}</code></p>`}
${safe ? html`<p><a href="${live.url}">${live.url}</a></p>` : null}
${by}</article>`
}

function runPart(shown: Shown): Markup {
  const {html, status, words} = shown
  const {run, lease} = status
  if (run === null) {
    const begun =
      lease === null ? words.noRun : words.begins(lease.run, `${lease.operator}@${lease.machine}`)
    return html`<section><h2>${words.openRun}</h2><p>${begun}</p></section>`
  }
  const kind = run.kind === 'scenario' ? '' : ` · ${run.kind}`
  const age = frenchDuration(Math.max(0, Date.parse(status.at) - Date.parse(run.lastEventAt)))
  return html`<section><h2>${words.openRun} : ${scenarioLabel(run.scenario)}${kind}</h2>
<p><code>${run.run}</code>, ${run.where === 'here' ? words.here : words.elsewhere}, ${words.since} ${time(shown, run.startedAt)}</p>
<p>${words.operator} : ${run.operator}@${run.machine}. ${run.where === 'here' ? words.lastEvent : words.lastHeard} : ${age}.</p>
<p>${words.checkpoint} : <code>${run.tag}</code> · <code>${run.commit.slice(0, 12)}</code></p>
${waitingPart(shown, run)}
<h3>${words.phases}</h3>
<ol class="phases">${run.phases.map(
    ({number: at, title, mode, status: how}) =>
      html`<li class="${how}"${how === 'begun' ? html` aria-current="step"` : null}>${{passed: '✓', begun: '▸', 'to-come': '·'}[how]} ${at === null ? '' : `${at} `}${title}${mode === null ? '' : ` (${mode})`} <span class="soft">${words.phase[how]}</span></li>`,
  )}</ol>
${stepPart(shown, run)}
${run.rollback === null ? null : html`<p class="mark warn">${words.rollback[`${run.rollback.finished}`]} (${time(shown, run.rollback.startedAt)}) : ${shown.say(run.rollback.why)}</p>`}
${run.decided === null ? null : html`<p>${words.decided} : <span class="mark">${shown.say(resultWords[run.decided.result])}</span>, ${shown.say(run.decided.why)}</p>`}
${nextPart(shown, run)}</section>`
}

function waitingPart(shown: Shown, {waitingFor, earliest, open}: OpenRun): Markup {
  const {html, words, say} = shown
  const marks = {fail: 'bad', unknown: 'warn', pass: 'good'} as const
  return html`<h3>${words.waitsFor}</h3>
${waitingFor.length === 0 ? html`<p>${words.nobodyAwaited}</p>` : html`<ul>${waitingFor.map((each) => html`<li class="mark">${say(each)}</li>`)}</ul>`}
${earliest === null ? null : html`<p>${words.earliest} ${time(shown, earliest)}</p>`}
${
  open.length === 0
    ? null
    : html`<h3>${words.open}</h3><ul>${open.map(
        ({title, verdict, observed, next}) =>
          html`<li><span class="mark ${marks[verdict]}">${words.verdict[verdict]}</span> ${title} : ${say(observed)}${next === null ? null : html`<br>→ ${say(next)}`}</li>`,
      )}</ul>`
}`
}

function stepPart(shown: Shown, {lastStep}: OpenRun): Markup | null {
  const {html, words, say} = shown
  if (lastStep === null) return null
  const {phase, step, attempt, observed, status, at} = lastStep
  const said = status === 'intended' ? words.unfinished : say(observed)
  return html`<p>${words.lastStep} : <code>${phase}/${step}</code>${attempt > 1 ? ` ×${attempt}` : ''}, ${time(shown, at)} : ${said}</p>`
}

function nextPart(shown: Shown, {working, where}: OpenRun): Markup | null {
  const {html, words, commands} = shown
  if (where === 'here' && working !== null)
    return html`<p>${words.atWork} : ${shown.say(processWords(working))}</p>`
  if (commands.goOn === null) return null
  return html`<h3>${words.goOn}</h3><pre><code>${commands.goOn}</code></pre>`
}

function watchPart(shown: Shown): Markup | null {
  const {html, status, words, lang} = shown
  const {watch} = status
  if (watch === null) return null
  const {requests, errors, rate, p95Ms, coverage, threshold} = watch
  const tooMany = rate !== null && threshold !== null && rate * 100 > threshold
  const figures: readonly [string, string][] = [
    [words.figures.requests, frenchNumber(requests)],
    [words.figures.errors, frenchNumber(errors)],
    [words.figures.rate, rate === null ? words.notMeasured : frenchPercent(rate)],
    [words.figures.p95, p95Ms === null ? words.notMeasured : `${frenchNumber(p95Ms)} ms`],
    [words.figures.coverage, coverage === null ? words.notMeasured : frenchPercent(coverage, 1)],
  ]
  return html`<section><h2>${words.watch} : ${scenarioLabel(watch.scenario)}</h2>
<p class="soft">${words.watchOf(watch.run)} ${watch.source}, ${time(shown, watch.from)} → ${time(shown, watch.to)}</p>
<table><tbody>${figures.map(
    ([name, value]) =>
      html`<tr><th scope="row">${name}</th><td${tooMany && name === words.figures.rate ? html` class="mark bad"` : null}>${value}</td></tr>`,
  )}</tbody></table>
${curves(html, watch, lang)}</section>`
}

function historyPart(shown: Shown): Markup {
  const {html, history, words, lang} = shown
  const head = html`<h2>${words.history}</h2>`
  const {figures, none, partial} = historyWords[lang]
  if (history.runs.length === 0) return html`<section>${head}<p>${none}</p></section>`
  const runs = history.runs.slice(-runsMost).reverse()
  const older = runs.slice(runsAtOnce)
  return html`<section>${head}
${history.complete ? null : html`<p class="mark warn">${partial}</p>`}
<table><thead><tr>${figures.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${figureRows(history.figures, lang).map(
  ([name = '', ...values]) =>
    html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>
`,
)}</tbody></table>
<h3>${words.lastRuns(runs.length, history.runs.length)}</h3>
${runsTable(shown, runs.slice(0, runsAtOnce), words.history)}
${older.length === 0 ? null : html`<details><summary>${words.older(older.length)}</summary>${runsTable(shown, older, words.older(older.length))}</details>`}</section>`
}

/** On a narrow screen each row becomes a few lines: the cells that need it carry their name. */
function runsTable({html, lang}: Shown, runs: readonly MeasuredRun[], label: string): Markup {
  const {columns} = historyWords[lang]
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="history"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${runs.map((run) => {
  const [date = '', scenario = '', result = '', ...cells] = historyRow(run, lang)
  return html`<tr><th scope="row">${date}</th><td>${scenario}</td><td class="mark ${toneOf(run)}">${result}</td>${cells.map(
    (cell, index) => html`<td class="named" data-name="${columns[index + 3] ?? ''}">${cell}</td>`,
  )}</tr>
`
})}</tbody></table></div>`
}

function toneOf({result}: MeasuredRun): string {
  if (result === null) return ''
  return ['succeeded', 'drill-passed', 'exited'].includes(result) ? 'good' : 'bad'
}
