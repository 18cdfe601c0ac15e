// Goal: the page of status.ts is one that everybody can read: at the width of a telephone and of a desk, by
// day and by night, by keyboard and by ear, without a network. Method: Chromium opens it from the disk;
// axe-core judges it; what is fetched, what runs and what sticks out is counted.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {type BrowserContextOptions, chromium, type Page} from 'playwright-core'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {findBrowser} from '../../scripts/lib/steps/browser.ts'
import {type PageInput, statusPage} from '../../scripts/lib/tools/status/page/page.ts'
import {atRest, evil, hostile, inTrouble} from '../lib/tools/status/pages.ts'

const statusPages = suite('the page of status.ts in Chromium')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Seen {
  readonly page: Page
  /** All that was asked for, the page itself included. */
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
}

async function withPages(
  use: (open: (input: PageInput, how?: BrowserContextOptions) => Promise<Seen>) => Promise<void>,
): Promise<void> {
  const program = await findBrowser(process.env.PATH === undefined ? {} : {PATH: process.env.PATH})
  assert.ok(program, 'Chromium is not installed: apt-get install chromium')
  const folder = mkdtempSync(join(tmpdir(), 'postgate-page-'))
  const browser = await chromium.launch({executablePath: program ?? '', args: ['--no-sandbox']})
  let count = 0
  try {
    await use(async (input, how = {}) => {
      count += 1
      const path = join(folder, `${count}.html`)
      writeFileSync(path, statusPage(input))
      const page = await (await browser.newContext(how)).newPage()
      const requests: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.goto(`${pathToFileURL(path)}`)
      return {page, requests, complaints}
    })
  } finally {
    await browser.close()
    rmSync(folder, {recursive: true})
  }
}

const judged = z.array(
  z.object({id: z.string(), impact: z.string().nullable(), nodes: z.array(z.string())}),
)

/** What axe-core objects to, by rule. */
async function objections(page: Page) {
  await page.evaluate(axe)
  const found: unknown = await page.evaluate(
    `axe.run().then(({violations}) => violations.map(({id, impact, nodes}) =>
      ({id, impact, nodes: nodes.map(({html, failureSummary}) => html + ' ' + failureSummary)})))`,
  )
  return judged.parse(found)
}

const sticksOut = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - window.innerWidth')

for (const width of [400, 1200]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    statusPages(`at ${width} pixels, ${colorScheme}: nothing to object to`, async () => {
      await withPages(async (open) => {
        for (const [name, input] of Object.entries({atRest, inTrouble, hostile})) {
          for (const lang of ['fr', 'en'] as const) {
            const viewport = {width, height: 900}
            // A loaded machine takes longer to judge a page than the page waits to be read again.
            const everySeconds = input.everySeconds === null ? null : 3_600
            const {page, requests, complaints} = await open(
              {...input, lang, everySeconds},
              {viewport, colorScheme},
            )
            assert.equal(await objections(page), [], `${name} ${lang}`)
            assert.ok(Number(await sticksOut(page)) <= 0, `${name} ${lang} sticks out`)
            assert.is(requests.length, 1, requests.join('\n'))
            assert.equal(complaints, [], name)
            await page.context().close()
          }
        }
      })
    })
  }
}

statusPages('is judged by a test that can fail: pale words are objected to', async () => {
  await withPages(async (open) => {
    const {page} = await open(atRest)
    await page.addStyleTag({content: 'p{color:#ddd !important;background:#fff !important}'})
    assert.ok((await objections(page)).some(({id}) => id === 'color-contrast'))
  })
})

statusPages('shows hostile words as words, and runs none of them', async () => {
  await withPages(async (open) => {
    const {page} = await open(hostile)
    assert.is(await page.evaluate('window.hit'), undefined)
    assert.is(await page.locator('h1').textContent(), `${evil} : où en est la mise en ligne`)
    assert.equal(
      await page
        .locator('a')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
      ['https://x.example/"onmouseover="window.hit=1'],
    )
    assert.is(await page.locator('img, iframe').count(), 0)
  })
})

statusPages('is gone through by keyboard: figures open, refreshing stops', async () => {
  await withPages(async (open) => {
    const {page, requests} = await open({...inTrouble, everySeconds: 1})
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.is(await page.locator('#refresh').textContent(), 'Reprendre l’actualisation')
    const before = requests.length
    await page.waitForTimeout(2_500)
    assert.is(requests.length, before, 'a page that was stopped stays')
    await page.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    assert.ok(await page.locator('details[open] table').isVisible())
  })
})

statusPages('with --watch reads itself again', async () => {
  await withPages(async (open) => {
    const {page} = await open({...inTrouble, everySeconds: 1})
    await page.waitForRequest(/\.html$/, {timeout: 10_000})
  })
})

statusPages('is printed on white, whole, without what cannot be pressed on paper', async () => {
  await withPages(async (open) => {
    const {page} = await open(inTrouble, {colorScheme: 'dark'})
    await page.emulateMedia({media: 'print'})
    assert.is(
      await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      'rgb(255, 255, 255)',
    )
    assert.not.ok(await page.locator('#refresh').isVisible())
    assert.ok((await page.pdf({format: 'A4'})).length > 10_000)
  })
})

statusPages('shows times in the reader’s zone beside UTC', async () => {
  await withPages(async (open) => {
    const {page} = await open(atRest, {timezoneId: 'Europe/Paris'})
    const text = (await page.locator('header p').last().textContent()) ?? ''
    assert.match(text, /22:40 UTC/)
    assert.match(text, /23:40/)
  })
})

statusPages.run()
