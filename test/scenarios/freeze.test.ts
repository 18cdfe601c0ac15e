// Goal: scenario C as people run it, by the real commands on one sandbox: what decide.ts says before, the
// freeze and its documents, what it refuses, and its end. The tests stand in the order of the story.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, copyOfBundle} from '../helpers/bundle.ts'
import {answersFile, document} from '../helpers/freeze.ts'

const freeze = suite('freeze')
let bundle: Bundle | undefined

const here = async (): Promise<Bundle> => {
  bundle ??= await copyOfBundle()
  return bundle
}

freeze('decides in one JSON document, and follows what people edit, no code touched', async () => {
  const {run, path} = await here()
  const matrix = join(path, 'runbooks/decision.md')
  writeFileSync(
    matrix,
    readFileSync(matrix, 'utf8').replace(
      /^\| Validation métier requise .*$/m,
      '| Release encore bonne | A (STAGING) | <!-- condition: check:tag check:code-unchanged --> |\n$&',
    ),
  )
  const staging = join(path, 'runbooks/staging.md')
  writeFileSync(
    staging,
    readFileSync(staging, 'utf8').replace(
      /^- \[ \] \*\*Release Gate validé.*$/m,
      '$&\n- [ ] **Accord du support** : le support est prévenu. <!-- attest: roles="QA Lead" -->',
    ),
  )
  const decided = await run('decide.ts', ['--sandbox', '--json'])
  assert.is(decided.exit, 0, decided.said)
  const {matrix: rows, scenarios, running} = JSON.parse(decided.stdout)
  assert.is(running, null)
  assert.equal(
    rows.map(({state}: {state: string}) => state),
    ['holds', 'to-attest', 'does-not-hold', 'to-attest', 'does-not-hold'],
  )
  assert.is(rows[0].condition, 'Release encore bonne')
  assert.equal(rows[1].roles, ['Release Manager', 'QA Lead', 'PCA'])
  const [a, b, c] = scenarios
  assert.is(a.may, 'after-people')
  assert.is(a.next, 'node scripts/postgate.js staging --sandbox')
  assert.match(JSON.stringify(a.people), /Accord du support : à attester par QA Lead/)
  assert.is(b.may, 'no')
  assert.is(b.next, 'node scripts/postgate.js staging --sandbox')
  assert.equal(b.roles, ['PCA', 'Directeur'])
  assert.is(c.may, 'after-people')
})

freeze('a one-word reason is refused', async () => {
  const answers = answersFile(await here(), {'Raison documentée': {observed: 'inventaire'}})
  const refused = await (await here()).run('freeze.ts', ['--sandbox', '--answers', answers])
  assert.is(refused.exit, 3, refused.said)
  assert.match(refused.said, /« inventaire » n’est pas une raison/)
  assert.is(document(await here(), /^RELEASE_FREEZES/), '')
})

freeze('freezes, and says so in documents that can be filed as they are', async () => {
  const frozen = await (await here()).run('freeze.ts', ['--sandbox'])
  assert.is(frozen.exit, 0, frozen.said)
  const freezes = document(await here(), /^RELEASE_FREEZES/)
  assert.match(freezes, /SANDBOX · Freeze .*Claire Moreau.*inventaire annuel/)
  const text = document(await here(), /^RELEASE_FREEZE_/)
  for (const field of ['Raison', 'Périmètre et exceptions', 'Responsable', 'Date de revue'])
    assert.match(text, new RegExp(`\\| ${field} \\| [^|]{6,} \\|`), field)
  assert.match(text, /\| Déploiement prévu \| A, \d{4}-\d{2}-\d{2} \|/)
  assert.match(text, /\| Tag de freeze \| `freeze-\d{4}-\d{2}-\d{2}` \|/)
  assert.match(text, /\| Dérive du code \| Moyenne \| Moyen \| ✅ couvert \| Code inchangé/)
  for (const field of ['Date et heure', 'Validateur', 'Checkpoint', 'Résultat', 'Incidents'])
    assert.match(text, new RegExp(`\\| ${field} \\| [^|]+ \\|`), field)
  const backlog = document(await here(), /^BACKLOG_POST_RELEASE_/)
  assert.match(backlog, /pagination des commandes.* \| docs\/RELEASE_GATE_\w+\.md:\d+ \|/)
  assert.match(backlog, /\| lib\/modules\/commandes\.dart:\d+ \| _à remplir_ \|/)
  assert.match(backlog, /\[\\#38\]\(https:/)
  assert.not.match(text + backlog + freezes, /\{\{|undefined|\[object/)
})

freeze('while frozen, A is refused with the reason, and decide.ts names the way out', async () => {
  const refused = await (await here()).run('staging.ts', ['--sandbox'])
  assert.is(refused.exit, 3, refused.said)
  assert.match(refused.said, /gelée depuis .*inventaire annuel/)
  const {scenarios} = JSON.parse(
    (await (await here()).run('decide.ts', ['--sandbox', '--json'])).stdout,
  )
  for (const {scenario, may, reasons, next} of scenarios) {
    assert.is(may, 'no', scenario)
    assert.match(JSON.stringify(reasons), /inventaire annuel/, scenario)
    assert.is(next, 'node scripts/postgate.js freeze --sandbox --exit', scenario)
  }
})

freeze('without a change of code the freeze ends and the gate holds', async () => {
  const left = await (await here()).run('freeze.ts', ['--sandbox', '--exit'])
  assert.is(left.exit, 0, left.said)
  assert.match(document(await here(), /^RELEASE_FREEZES/), /Sortie, gate valable/)
})

freeze('the copy is removed', () => bundle?.remove())

freeze.run()
