// Pages seen by a real Chromium. A Flutter page draws on a canvas: it is ready when its view is
// attached, and its words are read from the accessibility tree that it builds when asked to.

import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {Browser, Page as Tab} from 'playwright-core'
import {findProgram} from '../base/program.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {screenshotFolder} from '../store/screenshots.ts'
import {cause} from '../words/observed.ts'
import {pageUrl, type SmokePage} from './pages.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

/** The path of a Chromium: POSTGATE_CHROMIUM, else one on PATH; null where there is none. */
export async function findBrowser(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  if (environment.POSTGATE_CHROMIUM) return environment.POSTGATE_CHROMIUM
  for (const name of names) {
    const path = await findProgram(name, environment)
    if (path !== null) return path
  }
  return null
}

interface Visited {
  readonly title: string
  readonly judgement: Judgement
  readonly screenshot?: string
}

const loadMs = 30_000
const settleMs = 10_000

/** Each page in a tab of its own; what fails leaves a screenshot under `<cache>/runs/<run>/screenshots/`. */
export async function visitByBrowser(
  context: Context,
  input: {program: string; pages: readonly SmokePage[]; flutter: boolean},
): Promise<readonly Visited[]> {
  const {chromium} = await import('playwright-core')
  let browser: Browser
  try {
    browser = await chromium.launch({
      executablePath: input.program,
      // Chromium's own sandbox refuses to start as root, as in most CI containers.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
  } catch (error) {
    const judgement = unknown(
      {
        fr: `${input.program} ne démarre pas : ${firstLine(error)}`,
        en: `${input.program} does not start: ${firstLine(error)}`,
      },
      {attestable: {}},
    )
    return input.pages.map(({title}) => ({title, judgement}))
  }
  const close = () => void browser.close()
  context.signal.addEventListener('abort', close, {once: true})
  try {
    const visited: Visited[] = []
    for (const [index, page] of input.pages.entries()) {
      context.progress(page.title, index / input.pages.length)
      visited.push(await visit(context, browser, page, input.flutter))
    }
    return visited
  } finally {
    context.signal.removeEventListener('abort', close)
    await browser.close()
  }
}

async function visit(
  context: Context,
  browser: Browser,
  page: SmokePage,
  flutter: boolean,
): Promise<Visited> {
  const tab = await browser.newPage({serviceWorkers: 'block'})
  const crashes: string[] = []
  tab.on('pageerror', (error) => crashes.push(firstLine(error)))
  let judgement: Judgement
  try {
    const answer = await tab.goto(pageUrl(context, page), {timeout: loadMs, waitUntil: 'load'})
    const status = answer?.status() ?? 0
    judgement =
      status === 200
        ? await (flutter ? flutterPage(tab, page) : ordinaryPage(tab, page))
        : fail(`HTTP ${status}`)
  } catch (error) {
    context.signal.throwIfAborted()
    judgement = fail(firstLine(error))
  }
  if (judgement.verdict === 'pass') {
    await tab.close()
    return {title: page.title, judgement}
  }
  const screenshot = await picture(context, tab, page)
  await tab.close()
  const [crash] = crashes
  const said =
    crash === undefined ? judgement : {...judgement, observed: withCrash(judgement, crash)}
  return {title: page.title, judgement: said, ...(screenshot === null ? {} : {screenshot})}
}

const withCrash = ({observed}: Judgement, crash: string) =>
  typeof observed === 'string'
    ? `${observed} (${crash})`
    : {fr: `${observed.fr} (${crash})`, en: `${observed.en} (${crash})`}

async function ordinaryPage(tab: Tab, page: SmokePage): Promise<Judgement> {
  if (page.contains === undefined) {
    const text = (await tab.locator('body').innerText()).trim()
    return text === '' ? fail({fr: 'page vide', en: 'an empty page'}) : pass('HTTP 200')
  }
  const found = await appears(tab, page.contains)
  return found ? pass(`« ${page.contains} »`) : lacks(page.contains)
}

/** Missing web fonts and the like only warn: what counts is that the view stands and the words are there. */
async function flutterPage(tab: Tab, page: SmokePage): Promise<Judgement> {
  try {
    await tab.locator('flutter-view').first().waitFor({state: 'attached', timeout: loadMs})
    await tab.locator('flt-glass-pane').first().waitFor({state: 'attached', timeout: loadMs})
  } catch {
    return fail({
      fr: 'l’application Flutter ne démarre pas (HTTP 200, mais aucune vue)',
      en: 'the Flutter application does not start (HTTP 200, but no view)',
    })
  }
  await wakeSemantics(tab)
  if (page.contains === undefined) {
    const stands = await settled(
      () => tab.locator('flt-semantics').count(),
      (count) => count > 0,
    )
    return stands
      ? pass({fr: 'vue Flutter active', en: 'Flutter view up'})
      : fail({fr: 'aucun contenu Flutter', en: 'no Flutter content'})
  }
  const wanted = page.contains
  const stands = await settled(
    async () => String(await tab.evaluate(semanticWords)),
    (text) => text.includes(wanted),
  )
  return stands ? pass(`« ${wanted} »`) : lacks(wanted)
}

/** Asks for the accessibility tree. The button is one pixel off screen: it takes an event, not a click. An application that always builds the tree has no such button. */
async function wakeSemantics(tab: Tab): Promise<void> {
  await settled(
    async () => {
      if ((await tab.locator('flt-semantics').count()) > 0) return true
      const button = tab.locator('flt-semantics-placeholder').first()
      if ((await button.count()) > 0) await button.dispatchEvent('click')
      return false
    },
    (awake) => awake,
  )
}

// Runs in the page, whose types are not ours: labels stand in attributes, or in text.
const semanticWords = `[...document.querySelectorAll('flt-semantics, flt-semantics *')]
  .map((node) => (node.getAttribute('aria-label') ?? '') + ' ' + (node.children.length ? '' : node.textContent))
  .join(' ')`

async function appears(tab: Tab, words: string): Promise<boolean> {
  return settled(
    () => tab.locator('body').innerText(),
    (text) => text.includes(words),
  )
}

async function settled<T>(look: () => Promise<T>, enough: (seen: T) => boolean): Promise<boolean> {
  const end = performance.now() + settleMs
  for (;;) {
    if (enough(await look())) return true
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

const lacks = (words: string) =>
  fail({fr: `« ${words} » n’y figure pas`, en: `"${words}" is not on it`})

const pictureAttempts = 4
const pictureMs = 10_000

async function picture(context: Context, tab: Tab, page: SmokePage): Promise<string | null> {
  const name = `${page.path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'accueil'}.png`
  const relative = join(screenshotFolder(context.run().run), name)
  const path = join(context.world.cache, relative)
  await mkdir(join(path, '..'), {recursive: true}).catch(() => {})
  // Chromium's own error page cannot be captured before it is painted.
  for (let left = pictureAttempts; left > 0; left -= 1) {
    const taken = await tab.screenshot({path, timeout: pictureMs}).then(
      () => true,
      () => false,
    )
    if (taken) return relative
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  return null
}

const firstLine = (error: unknown) => cause(error).split('\n')[0] ?? ''
