// Goal: scenario C when something is wrong: a red nightly, a team that could not be told, a tag that nobody
// wants, code that changed meanwhile. One sandbox; the tests stand in the order of the story.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse, stringify} from 'yaml'
import {type Bundle, copyOfBundle} from '../helpers/bundle.ts'
import {answersFile, document} from '../helpers/freeze.ts'

const faults = suite('freeze faults')
let bundle: Bundle | undefined

const here = async (): Promise<Bundle> => {
  bundle ??= await copyOfBundle()
  return bundle
}

faults('with a red nightly, decide.ts leads to its post-mortem', async () => {
  const decided = await (await here()).run('decide.ts', [
    '--sandbox',
    '--json',
    '--break',
    'nightly',
  ])
  assert.is(decided.exit, 0, decided.said)
  const [a] = JSON.parse(decided.stdout).scenarios
  assert.is(a.may, 'no')
  assert.is(a.next, 'node scripts/postgate.js gate nightly-post-mortem --sandbox')
})

faults('without its tag, for a reason, and the team told by hand: the freeze holds', async () => {
  const noTag = {answer: 'not-applicable', observed: 'le serveur refuse les tags ce mois-ci'}
  const without = {'Tag de freeze posé': noTag, 'Tag de freeze': noTag}
  const frozen = await here()
  const run = (
    changes: typeof without & {'Équipe prévenue'?: {observed: string}},
    more: string[],
  ) => frozen.run('freeze.ts', ['--sandbox', '--answers', answersFile(frozen, changes), ...more])
  const paused = await run(without, ['--break', 'notify'])
  assert.is(paused.exit, 4, paused.said)
  assert.match(paused.said, /Équipe prévenue : .*HTTP 500/)
  const refused = await frozen.run('staging.ts', ['--sandbox'])
  assert.is(refused.exit, 3, refused.said)
  assert.match(refused.said, /La release est gelée : .*inventaire annuel/)
  const audited = await frozen.run('audit.ts', ['--sandbox'])
  assert.is(audited.exit, 0, audited.said)
  const told = {'Équipe prévenue': {observed: 'canal release, à 09:25 UTC'}}
  const held = await run({...without, ...told}, [])
  assert.is(held.exit, 0, held.said)
  assert.match(document(await here(), /^RELEASE_FREEZES/), /SANDBOX · Freeze/)
  const text = document(await here(), /^RELEASE_FREEZE_\d/)
  assert.match(text, /le serveur refuse les tags ce mois-ci/)
  assert.match(text, /canal release, à 09:25 UTC/)
  assert.match(text, /❌ \|[^\n]*HTTP 500/)
})

faults('no freeze ends without somebody who decides it, nor against a no', async () => {
  const nobody = join((await here()).path, 'nobody.yaml')
  const own = parse(readFileSync(join((await here()).path, '.sandbox/answers.yaml'), 'utf8'))
  writeFileSync(nobody, stringify({...own, answers: {}}))
  const exit = (answers: string) =>
    bundle?.run('freeze.ts', ['--sandbox', '--exit', '--answers', answers])
  const waiting = await exit(nobody)
  assert.is(waiting?.exit, 4, waiting?.said)
  assert.match(waiting?.said ?? '', /critères écrits : inventaire clos/)
  const no = {'Sortie décidée': {answer: 'no', observed: 'un client attend encore'}}
  const refused = await exit(answersFile(await here(), no))
  assert.is(refused?.exit, 3, refused?.said)
  assert.match(refused?.said ?? '', /Le freeze est maintenu[\s\S]*un client attend encore/)
  const still = await (await here()).run('staging.ts', ['--sandbox'])
  assert.match(still.said, /gelée/)
})

faults('code that changed meanwhile ends the freeze, and asks for a new gate', async () => {
  const left = await (await here()).run('freeze.ts', ['--sandbox', '--exit', '--break', 'drift'])
  assert.is(left.exit, 3, left.said)
  assert.match(left.said, /[0-9a-f]{7} SANDBOX : changement de code/)
  assert.match(left.said, /lib\/main\.dart/)
  assert.match(left.said, /nouveau Release Gate/i)
  const ledger = document(await here(), /^RELEASE_FREEZES/)
  assert.match(ledger, /Hélène Faure/)
  assert.match(document(await here(), /^RELEASE_FREEZES/), /Sortie, [^|]*gate/i)
})

faults('the copy is removed', () => bundle?.remove())

faults.run()
