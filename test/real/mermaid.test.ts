// Goal: the diagrams of our documents are diagrams, whatever values stand in them. Method: every Mermaid
// block of docs/examples/, and timelines of hostile words, are rendered by Mermaid itself in Chromium.

import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {chromium, type Page} from 'playwright-core'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {fence} from '../../scripts/lib/documents/escape.ts'
import {fences} from '../../scripts/lib/documents/fences.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {errorPlot, readablePlot, responsePlot} from '../../scripts/lib/domain/views/plots.ts'
import {timelineDiagram} from '../../scripts/lib/domain/views/timeline.ts'
import {findBrowser} from '../../scripts/lib/steps/browser.ts'
import {examples, filesOf} from '../docs/examples.ts'

const mermaid = suite('Mermaid in Chromium')
const library = createRequire(import.meta.url).resolve('@mermaid-js/tiny')

interface Drawn {
  /** Mermaid's own words where it refuses the source. */
  readonly error: string | null
  /** The text that a reader sees. */
  readonly text: string
  /** Elements that no diagram of ours needs. */
  readonly foreign: readonly string[]
}

async function withBrowser(use: (page: Page) => Promise<void>): Promise<void> {
  const program = await findBrowser(process.env.PATH === undefined ? {} : {PATH: process.env.PATH})
  assert.ok(program, 'Chromium is not installed: apt-get install chromium')
  const browser = await chromium.launch({executablePath: program ?? '', args: ['--no-sandbox']})
  try {
    const page = await browser.newPage()
    await page.setContent('<!doctype html><meta charset="utf-8"><main id="at"></main>')
    await page.addScriptTag({path: library})
    await page.evaluate('mermaid.initialize({startOnLoad: false, securityLevel: "strict"})')
    await use(page)
  } finally {
    await browser.close()
  }
}

/** Mermaid's rendering of one source; the page keeps it, so that what it would load or run would. */
const draw = (page: Page, source: string): Promise<Drawn> =>
  page.evaluate(`(async (source) => {
    const at = document.querySelector('#at')
    try {
      const {svg} = await mermaid.render('d' + Math.floor(performance.now() * 1000), source)
      at.innerHTML = svg
      const foreign = [...at.querySelectorAll('script, img, a, iframe, object, [onerror], [onload]')]
      // Long labels are cut into lines, each an element of its own.
      const words = [...at.querySelectorAll('text')].map((text) =>
        [...text.childNodes].map((node) => node.textContent).join(' '))
      return {error: null, text: words.join(' '), foreign: foreign.map((node) => node.outerHTML)}
    } catch (error) {
      return {error: String(error), text: '', foreign: []}
    }
  })(${JSON.stringify(source)})`)

mermaid('draws every diagram of docs/examples/', async () => {
  const blocks: {readonly at: string; readonly source: string}[] = []
  for (const path of filesOf(examples).filter((each) => each.endsWith('.md'))) {
    const document = await parse(readFileSync(join(examples, path), 'utf8'), path)
    for (const {language, content, position} of fences(document))
      if (language === 'mermaid') blocks.push({at: `${path}:${position.line}`, source: content})
  }
  assert.ok(blocks.length >= 9, `${blocks.length} diagrams found`)
  await withBrowser(async (page) => {
    for (const {at, source} of blocks) {
      const {error, text, foreign} = await draw(page, source)
      assert.is(error, null, `${at}: ${error}\n${source}`)
      assert.equal(foreign, [], at)
      if (!source.startsWith('timeline')) continue
      // Its times are read as times, not as Mermaid's own separators.
      const [, time = ''] = /^ {4}([\d#;]+) : /m.exec(source) ?? []
      assert.match(text, time.replaceAll('#58;', ':'), at)
    }
  })
})

const hostile = [
  '<img src=x onerror="window.hit=1">',
  '<script>window.hit=1</script>',
  '"]; click A "javascript:window.hit=1"',
  '%%{init: {"securityLevel": "loose"}}%%',
  'a : b : c',
  'section Fin',
  'title Autre',
  'line\nsection Fin\n  x : y',
  '```\n# Titre',
  '#quot;#59;#x27; &lt;b&gt; &amp;',
  'end; --> B ~~~ {x} (y) [z] | $$x$$',
  'été « Où ? » 🔴 — 19,50 %',
  '   ',
  ';',
  '\\',
  '`code`',
  'javascript:window.hit=1',
]

mermaid('shows hostile words as words, and runs none of them', async () => {
  await withBrowser(async (page) => {
    for (const words of hostile) {
      const moments = [words, `avant ${words} après`].map((short) => ({
        ...{at: '2026-01-23T09:00:01.000Z', what: '', who: '', short},
        phase: words,
      }))
      const block = fence(timelineDiagram(moments), 'mermaid')
      const [found] = fences(await parse(block, 'x.md'))
      const {error, text, foreign} = await draw(page, found?.content ?? '')
      assert.is(error, null, `${words}: ${error}`)
      assert.equal(foreign, [], words)
      assert.match(text, /avant/, words)
      assert.match(text, /09:00:01/, words)
      assert.is(await page.evaluate('window.hit'), undefined, words)
    }
  })
})

mermaid('is asked by a test that can fail: what is no diagram is refused', async () => {
  await withBrowser(async (page) => {
    for (const source of ['no diagram', 'xychart-beta\n  line [1, "'])
      assert.ok((await draw(page, source)).error, source)
  })
})

mermaid('draws a watch without answers, with gaps, and with one look', async () => {
  const zero = new Date('2026-01-23T09:00:00Z')
  const look = (second: number, ok: boolean | null, ms: number | null) => ({
    ...{source: 'GET /', ok, ms, status: ok === null ? null : 200},
    at: new Date(zero.getTime() + second * 1_000).toISOString(),
  })
  const range = (length: number) => Array.from({length}, (_, at) => at)
  const series = [
    [look(0, true, 5)],
    range(60).map((at) => look(at * 10, null, null)),
    range(720).map((at) => look(at * 10, at % 50 < 25 ? null : at % 7 !== 0, at % 90)),
  ]
  await withBrowser(async (page) => {
    for (const samples of series) {
      const input = {samples, zero, title: "Taux d'erreur (%)"}
      for (const source of [errorPlot({...input, threshold: 5}), responsePlot(input)]) {
        const {error, text} = await draw(page, source)
        assert.is(error, null, `${error}\n${source}`)
        assert.match(text, /minutes/)
      }
    }
  })
})

/** Each line's and bar's colour against the plot's own ground, and the size of its smallest letters. */
const measured = (page: Page) =>
  page.evaluate(`(() => {
    const svg = document.querySelector('#at svg')
    const light = (colour) => {
      const [r, g, b] = colour.match(/\\d+/g).map((each) => each / 255)
        .map((each) => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const against = (one, other) => {
      const [high, low] = [light(one), light(other)].sort((a, b) => b - a)
      return (high + 0.05) / (low + 0.05)
    }
    const ground = getComputedStyle(svg.querySelector('.background')).fill
    const drawn = [...svg.querySelectorAll('.plot path')].map((each) => getComputedStyle(each).stroke)
    const bars = [...svg.querySelectorAll('.plot rect')].map((each) => getComputedStyle(each).fill)
    const words = [...svg.querySelectorAll('text')]
    return {
      lines: drawn.length,
      least: Math.min(...[...drawn, ...bars].map((each) => against(each, ground))),
      leastWords: Math.min(...words.map((each) => against(getComputedStyle(each).fill, ground))),
      letters: Math.min(...words.map((each) => parseFloat(getComputedStyle(each).fontSize))),
    }
  })()`)

const figures = z.object({
  lines: z.number(),
  least: z.number(),
  leastWords: z.number(),
  letters: z.number(),
})

mermaid('draws a watch that can be read, measured on the picture', async () => {
  const zero = new Date('2026-01-23T09:00:00Z')
  const samples = Array.from({length: 720}, (_, at) => ({
    at: new Date(+zero + at * 10_000).toISOString(),
    ...{source: 'GET /', status: 200, ms: at % 90},
    ok: at % 50 < 25 ? null : at % 7 !== 0,
  }))
  const input = {samples, zero, title: "Taux d'erreur (%)"}
  await withBrowser(async (page) => {
    for (const source of [errorPlot({...input, threshold: 5}), responsePlot(input)]) {
      assert.is((await draw(page, readablePlot(source))).error, null)
      const {lines, least, leastWords, letters} = figures.parse(await measured(page))
      assert.is(lines, 2)
      assert.ok(least >= 4.5, `a line or bar has a contrast of ${least}`)
      assert.ok(leastWords >= 7, `letters have a contrast of ${leastWords}`)
      assert.ok(letters >= 18, `letters of ${letters} px`)
      // The plain plot is what this measure finds wanting.
      await draw(page, source)
      assert.ok(figures.parse(await measured(page)).least < 3)
    }
  })
})

mermaid.run()
