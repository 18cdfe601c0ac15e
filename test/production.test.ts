// Goal: PRODUCTION's whole life in one sandbox: 20 % errors roll it back, the post-mortem is owed and
// holds the next run up, and once it is filled in the release goes through.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bytesServed} from './scenarios/broken.ts'
import {newest, production, pushed, readyForProduction, said} from './scenarios/watched.ts'

const whole = suite('production')

whole('errors roll back, the post-mortem is owed, and after it the release succeeds', async () => {
  const bundle = await readyForProduction()
  try {
    const before = bytesServed(bundle, 'production')

    const back = await production(bundle, ['--advance', '48h', '--break', 'errors'])
    assert.is(back.code, 1, said(back))
    assert.equal(bytesServed(bundle, 'production'), before)
    const draft = newest(bundle, 'POST_MORTEM_ROLLBACK')
    assert.match(
      draft.text,
      /déclencheur «\sTaux d'erreur trop élevé\s» \(.*\d+ erreurs sur \d+ requêtes/,
    )
    assert.match(draft.text, /Impact mesuré \| \d+ requêtes en erreur sur \d+, soit \d/)
    assert.match(draft.text, /```mermaid\n%%\{init: .*\}%%\nxychart-beta/)
    for (const time of ['TTD', 'TTM', 'TTR'])
      assert.match(draft.text, new RegExp(`\\(${time}\\) \\| 20`))
    assert.match(newest(bundle, 'DEPLOYMENT_REPORT').text, /Rollback vérifié/)
    assert.match(bundle.read('docs/PROD_DEPLOYMENTS.md'), /Taux d'erreur trop élevé/)
    assert.match(bundle.read('CHANGELOG.md'), /rollback|retir|annul/i)

    const refused = await production(bundle)
    assert.is(refused.code, 3, said(refused))
    assert.match(said(refused), /- Post-mortem soldé.*POST_MORTEM_ROLLBACK.*gravité, propriétaire/)
    const status = await bundle.run(['scripts/status.ts', '--sandbox'])
    assert.match(
      status.stdout,
      /Reste dû[\s\S]*POST_MORTEM_ROLLBACK.*il manque\s?: gravité, propriétaire/,
    )

    const words = 'Rien de plus que ce que disent les mesures ci-dessus.'
    pushed(bundle, draft.path, (text) => text.replaceAll('_à remplir_', words))
    const done = await production(bundle)
    assert.is(done.code, 0, said(done))
    assert.not.equal(bytesServed(bundle, 'production'), before)
    assert.match(bundle.git('ls-remote', '--tags', 'origin'), /refs\/tags\/prod-\d{4}/)
    const report = newest(bundle, 'DEPLOYMENT_REPORT').text
    assert.match(report, /Approbation \*\*signée\*\* par Directeur/)
    assert.match(report, /session en lecture seule/)
    const folder = `docs/${/runs\/[\w-]+(?=\/runbook\.md)/.exec(report)?.[0]}`
    assert.match(bundle.read(`${folder}/allowed_signers`), /ssh-ed25519/)
    assert.match(bundle.read(`${folder}/decision.md`), /Directeur/)
    const audit = await bundle.run(['scripts/audit.ts', '--sandbox'])
    assert.is(audit.code, 0, said(audit))
  } finally {
    bundle.remove()
  }
})

whole.run()
