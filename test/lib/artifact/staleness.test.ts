// Goal: a host that goes on serving the version before is waited for, and what it serves is told apart.
// Method: a real server with two versions, which switches file by file while the proof waits.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../../scripts/lib/artifact/manifest.ts'
import {pausesWithin, proveServed} from '../../../scripts/lib/artifact/served.ts'
import {inLang, type Text} from '../../../scripts/lib/domain/text.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {loopbackServer} from '../../helpers/server.ts'

const oldBytes = suite('old bytes for a while')

const version = (word: string) => ({
  'index.html': `<!doctype html><title>${word}</title>`,
  'main.js': `console.log('${word}')`,
  'logo.svg': '<svg/>',
})

/** `isOld`: which paths are still the old version's, after so many waits. Unknown paths get index.html. */
async function prove(
  isOld: (path: string, waits: number) => boolean,
  {pausesMs = [10, 20], extra = {}}: {pausesMs?: number[]; extra?: Record<string, string>} = {},
) {
  const [old, next] = [version('ancien'), {...version('nouveau'), ...extra}]
  const [before, after] = [temporaryFolder(old), temporaryFolder(next)]
  let waits = 0
  const told: {what: string; leftMs: number}[] = []
  const server = await loopbackServer((request, response) => {
    const path = (request.url ?? '/').slice(1) || 'index.html'
    const files: Record<string, string> = isOld(path, waits) ? old : next
    const content = files[path] ?? files['index.html'] ?? ''
    const html = files[path] === undefined || path.endsWith('.html')
    response.setHeader('content-type', html ? 'text/html' : 'text/javascript')
    response.end(content)
  })
  try {
    const proof = await proveServed({
      url: server.url,
      manifest: await manifestOf(after.path),
      before: () => manifestOf(before.path),
      pausesMs,
      wait: async () => {
        waits += 1
      },
      waiting: (what: Text, leftMs) => told.push({what: inLang(what, 'en'), leftMs}),
    })
    return {proof, told, observed: inLang(proof.observed, 'en')}
  } finally {
    await server.close()
    before.remove()
    after.remove()
  }
}

oldBytes('pauses grow, end at 15 s each, and make up the whole time', () => {
  for (const ms of [0, 1, 500, 1_500, 31_000, 90_000, 301_000]) {
    const pauses = pausesWithin(ms)
    assert.is(
      pauses.reduce((sum, pauseMs) => sum + pauseMs, 0),
      ms,
    )
    assert.ok(pauses.every((pauseMs) => pauseMs > 0 && pauseMs <= 15_000))
  }
})

oldBytes('a host that switches while it is waited for passes, and the wait says why', async () => {
  const {proof, told} = await prove((_, waits) => waits < 2)
  assert.is(proof.verdict, 'pass')
  assert.equal(told, [
    {what: 'the host still serves the previous version', leftMs: 30},
    {what: 'the host still serves the previous version', leftMs: 20},
  ])
})

oldBytes(
  'a new index.html with old files is told apart, and passes once they are new',
  async () => {
    const mixed = (path: string) => path === 'main.js'
    const {proof, told} = await prove((path, waits) => mixed(path) && waits < 1)
    assert.is(proof.verdict, 'pass')
    assert.match(told[0]?.what ?? '', 'index.html is new, 1 file is still of the previous version')
    const stuck = await prove(mixed)
    assert.is(stuck.proof.verdict, 'fail')
    assert.match(stuck.observed, 'index.html is new, 1 file is still of the previous version')
  },
)

oldBytes('an old index.html with new files is told apart', async () => {
  const {proof, observed} = await prove((path) => path === 'index.html')
  assert.is(proof.verdict, 'fail')
  assert.match(observed, 'index.html is still of the previous version, other files are new')
})

oldBytes(
  'a new file that gets the old index.html is old bytes; the new one is a missing file',
  async () => {
    const extra = {'chunk.js': 'export {}'}
    const old = await prove((path) => path === 'chunk.js' || path === 'main.js', {extra})
    assert.match(old.observed, '2 files are still of the previous version')
    const {proof, observed} = await prove(() => false, {extra: {}})
    assert.is(proof.verdict, 'pass', observed)
  },
)

oldBytes('a host that never switches fails in the end, and says what it serves', async () => {
  const {proof, observed} = await prove(() => true)
  assert.is(proof.verdict, 'fail')
  assert.match(observed, 'the host still serves the previous version')
})

oldBytes.run()
