// The watch drawn: one curve over time, its threshold, the deployment, and the stretches in which nobody
// looked. The labels are text of the page, so that they keep their size whatever the width.

import type {Lang} from '../../../domain/text.ts'
import {frenchNumber, frenchPercent, utcTime} from '../../../domain/times.ts'
import type {WatchCurve} from '../../../domain/watch-curve.ts'
import type {Html, Markup} from './markup.ts'
import {pageWords} from './words.ts'

interface Drawn {
  readonly title: string
  readonly summary: string
  readonly values: readonly (number | null)[]
  readonly limit: number | null
  readonly least: number
  readonly digits: number
}

const wide = 1_000
const high = 200

/** Both curves with their legend, and the same figures as a table. */
export function curves(html: Html, watch: WatchCurve, lang: Lang): Markup {
  const words = pageWords[lang]
  const {points, threshold, rate, p95Ms} = watch
  const known = rate === null ? words.notMeasured : frenchPercent(rate)
  return html`${plot(html, watch, {
    title: words.errorRate,
    summary: `${words.errorRate} : ${known}`,
    values: points.map(({errorPercent}) => errorPercent),
    limit: threshold,
    least: Math.max(1, (threshold ?? 0) * 1.5),
    digits: 1,
  })}
${plot(html, watch, {
  title: words.response,
  summary: `${words.response} : ${p95Ms === null ? words.notMeasured : `p95 ${frenchNumber(p95Ms)} ms`}`,
  values: points.map(({medianMs}) => medianMs),
  limit: null,
  least: 10,
  digits: 0,
})}
${legend(html, watch, lang)}
${asTable(html, watch, lang)}`
}

function plot(html: Html, watch: WatchCurve, drawn: Drawn): Markup {
  const {title, summary, values, limit, least, digits} = drawn
  const highest = roundTop(Math.max(least, limit ?? 0, ...values.map((value) => value ?? 0)) * 1.05)
  const from = Date.parse(watch.from)
  const span = Math.max(1, Date.parse(watch.to) - from)
  const x = (at: string) => round(((Date.parse(at) - from) / span) * wide)
  const y = (value: number) => round(high - (value / highest) * high)
  const zero = watch.deployedAt === null ? null : x(watch.deployedAt)
  return html`<figure class="plot"><figcaption><h3>${title}</h3></figcaption>
<div class="frame"><div class="scale" aria-hidden="true"><span>${frenchNumber(highest, digits)}</span><span>${frenchNumber(highest / 2, digits)}</span><span>0</span></div>
<svg viewBox="0 0 ${wide} ${high}" preserveAspectRatio="none" role="img" aria-label="${summary}">
${gaps(values).map(([first, last]) => {
  const left = (first / values.length) * wide
  const right = ((last + 1) / values.length) * wide
  return html`<rect class="gap" x="${round(left)}" y="0" width="${round(right - left)}" height="${high}"/>`
})}
${limit === null ? null : html`<line class="limit" x1="0" x2="${wide}" y1="${y(limit)}" y2="${y(limit)}"/>`}
${zero === null || zero < 0 || zero > wide ? null : html`<line class="zero" x1="${zero}" x2="${zero}" y1="0" y2="${high}"/>`}
${stretchesOf(watch, values).map((stretch) => {
  const path = stretch.map(({at, value}) => `${x(at)},${y(value)}`)
  // One point alone has no line: it is drawn as a dot.
  return path.length === 1
    ? html`<polyline class="dot" points="${path.join(' ')} ${path.join(' ')}"/>`
    : html`<polyline class="curve" points="${path.join(' ')}"/>`
})}
</svg>
<div class="times" aria-hidden="true"><span>${utcTime(watch.from)}</span><span>${utcTime(new Date(from + span / 2))}</span><span>${utcTime(watch.to)}</span></div></div></figure>`
}

/** The next of 1, 2, 4, 6, 8, 10 and their tens: its half is a round number as well. */
function roundTop(value: number): number {
  const ten = 10 ** Math.floor(Math.log10(value))
  return ten * ([1, 2, 4, 6, 8, 10].find((step) => step * ten >= value) ?? 10)
}

const round = (value: number) => Math.round(value * 10) / 10

/** The runs of intervals without a value, by first and last index. */
function gaps(values: readonly (number | null)[]): [number, number][] {
  const found: [number, number][] = []
  values.forEach((value, index) => {
    if (value !== null) return
    const last = found.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else found.push([index, index])
  })
  return found
}

function stretchesOf({points}: WatchCurve, values: readonly (number | null)[]) {
  const found: {at: string; value: number}[][] = [[]]
  points.forEach(({at}, index) => {
    const value = values[index] ?? null
    if (value === null) found.push([])
    else found.at(-1)?.push({at, value})
  })
  return found.filter((stretch) => stretch.length > 0)
}

function legend(html: Html, {threshold, deployedAt, points}: WatchCurve, lang: Lang): Markup {
  const {curve, limit, zero, gap} = pageWords[lang].legend
  const hasGap = points.some(({errorPercent}) => errorPercent === null)
  const entry = (kind: string, words: string) =>
    html`<li><span class="is-${kind}"></span>${words}</li>`
  return html`<ul class="legend">${entry('curve', curve)}${
    threshold === null ? null : entry('limit', limit(frenchPercent(threshold / 100)))
  }${deployedAt === null ? null : entry('zero', `${zero} (${utcTime(deployedAt)})`)}${
    hasGap ? entry('gap', gap) : null
  }</ul>`
}

function asTable(html: Html, {points}: WatchCurve, lang: Lang): Markup {
  const words = pageWords[lang]
  const shown = (value: number | null, digits: number) =>
    value === null ? words.notMeasured : frenchNumber(value, digits)
  return html`<details><summary>${words.perInterval}</summary>
<table><thead><tr><th scope="col">${words.time}</th><th scope="col">${words.errorRate}</th><th scope="col">${words.response}</th></tr></thead><tbody>
${points.map(
  ({at, errorPercent, medianMs}) =>
    html`<tr><td>${utcTime(at)}</td><td>${shown(errorPercent, 2)}</td><td>${shown(medianMs, 0)}</td></tr>
`,
)}</tbody></table></details>`
}
