// Pages seen by a real Chromium: ordinary ones, and pages that behave as Flutter's do (a view on a
// canvas, an accessibility tree that is built when a button of one pixel off screen gets an event).

import {existsSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Judgement} from '../../scripts/lib/domain/verdict.ts'
import {findBrowser} from '../../scripts/lib/steps/browser.ts'
import {routes} from '../../scripts/lib/steps/smoke.ts'
import {testContext} from '../helpers/context.ts'
import {temporaryFolder} from '../helpers/folder.ts'
import {loopbackServer} from '../helpers/server.ts'
import {testProject, testWorld} from '../helpers/world.ts'

const browser = suite('a real browser')

const html = (body: string) => `<!doctype html><meta charset="utf-8"><title>x</title><body>${body}`
const flutterPage = (script: string) =>
  html(`<script>
    const add = (parent, name, text) => {
      const node = parent.appendChild(document.createElement(name))
      if (text) node.setAttribute('aria-label', text)
      return node
    }
    const tree = () => add(add(document.body, 'flt-semantics-host'), 'flt-semantics', 'Mes dossiers')
    ${script}
  </script>`)
const view = `add(add(document.body, 'flutter-view'), 'flt-glass-pane');`
const pages: Readonly<Record<string, string>> = {
  '/ordinary': html(
    '<p id="p"></p><script>setTimeout(() => (p.textContent = "Bonjour"), 300)</script>',
  ),
  '/empty': html(''),
  '/broken': html('<script>throw new Error("boot failed")</script>'),
  '/placeholder': flutterPage(`setTimeout(() => {${view}
    const button = add(document.body, 'flt-semantics-placeholder', 'Enable accessibility')
    button.style.cssText = 'position:absolute;left:-1px;top:-1px;width:1px;height:1px'
    button.addEventListener('click', () => { button.remove(); setTimeout(tree, 200) })
  }, 300)`),
  '/always': flutterPage(`${view} tree()`),
}

async function judge(path: string, options: {flutter?: boolean; contains?: string}) {
  const program = await findBrowser(process.env.PATH === undefined ? {} : {PATH: process.env.PATH})
  assert.ok(program, 'Chromium is not installed: apt-get install chromium')
  const server = await loopbackServer((request, response) => {
    const body = pages[request.url ?? '']
    response.writeHead(body === undefined ? 404 : 200, {'content-type': 'text/html'})
    response.end(body)
  })
  const folder = temporaryFolder()
  const page = {path, title: 'Page', ...(options.contains && {contains: options.contains})}
  const {context} = testContext({
    world: testWorld({project: folder.path, cache: folder.path}),
    project: testProject({
      environments: {
        staging: {
          envFile: 'x',
          url: server.url,
          hosting: {adapter: 'folder'},
          smoke: {routes: [page], flutter: options.flutter ?? false},
        },
      },
    }),
  })
  try {
    const judgement = await routes(context)
    const [check] = smokeOf(judgement)
    const picture = check?.screenshot
    return {
      judgement,
      said: JSON.stringify(judgement),
      screenshot:
        picture !== undefined && existsSync(join(folder.path, picture))
          ? statSync(join(folder.path, picture)).size
          : null,
    }
  } finally {
    await server.close()
    folder.remove()
  }
}

function smokeOf(judgement: Judgement): readonly {screenshot?: string}[] {
  const facts: {smoke?: {checks: {screenshot?: string}[]}} = JSON.parse(
    JSON.stringify(judgement.facts ?? {}),
  )
  return facts.smoke?.checks ?? []
}

const cases: readonly [string, string, Parameters<typeof judge>[1], 'pass' | 'fail'][] = [
  ['an ordinary page whose words come late', '/ordinary', {contains: 'Bonjour'}, 'pass'],
  ['an empty page with status 200', '/empty', {}, 'fail'],
  ['a script that throws', '/broken', {contains: 'Bonjour'}, 'fail'],
  ['a page that is not there', '/nowhere', {}, 'fail'],
  [
    'Flutter behind its accessibility button',
    '/placeholder',
    {flutter: true, contains: 'Mes dossiers'},
    'pass',
  ],
  [
    'Flutter with its tree always there',
    '/always',
    {flutter: true, contains: 'Mes dossiers'},
    'pass',
  ],
  ['Flutter without the words', '/always', {flutter: true, contains: 'Factures'}, 'fail'],
]
for (const [title, path, options, verdict] of cases) {
  browser(`${verdict}: ${title}`, async () => {
    const {judgement, said, screenshot} = await judge(path, options)
    assert.is(judgement.verdict, verdict, said)
    assert.is(
      screenshot !== null,
      verdict === 'fail',
      'a screenshot where it failed, and only there',
    )
  })
}

browser('what the page threw stands in the observation', async () => {
  assert.match((await judge('/broken', {contains: 'x'})).said, 'boot failed')
})

browser.run()
