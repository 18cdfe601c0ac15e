// Goal: the first time works: on hosts on which nothing was ever deployed, a release passes, a drill that
// has nowhere to go back to is refused before anything is recorded of it, and what a person wrote down as
// the fallback stays in the record. Method: a sandbox whose two hosts were emptied.

import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseDocument} from 'yaml'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {said} from './watched.ts'

const first = suite('the first release')

const fallback = 'page d’attente servie par le pare-feu, tenue par l’astreinte'

function empty({paths}: Bundle, environment: 'staging' | 'production'): void {
  for (const name of readdirSync(paths.hosting[environment])) {
    rmSync(join(paths.hosting[environment], name), {recursive: true, force: true})
  }
}

type Answers = ReturnType<typeof parseDocument>

const withFallback = (document: Answers) =>
  document.setIn(['answers', 'Version précédente connue'], {
    by: document.getIn(['answers', 'Validation métier', 'by']),
    observed: fallback,
  })

/** The sandbox's own answers, changed. */
function answers(bundle: Bundle, change: (document: Answers) => void) {
  const document = parseDocument(readFileSync(bundle.paths.answers, 'utf8'))
  change(document)
  const path = join(bundle.path, 'answers.yaml')
  writeFileSync(path, document.toString())
  return path
}

first('A, a drill that is refused, A again, the drill, then B with a pause', async () => {
  const bundle = await bundleWithSandbox()
  const run = (scenario: string, ...args: string[]) =>
    bundle.run([`scripts/${scenario}.ts`, '--sandbox', ...args])
  try {
    for (const environment of ['staging', 'production'] as const) empty(bundle, environment)
    const alone = await run('staging')
    assert.is(alone.code, 4, said(alone))
    assert.match(said(alone), /Version précédente connue/)
    const one = await run('staging', '--answers', answers(bundle, withFallback))
    assert.is(one.code, 0, said(one))
    const runs = bundle.git('for-each-ref', '--format=%(refname)', 'refs/postgate/runs')
    const refused = await run('staging', '--rollback', 'drill')
    assert.is(refused.code, 3, said(refused))
    assert.match(said(refused), /demande deux versions, et une seule a été déployée/)
    assert.match(said(refused), /postgate\.js staging/)
    assert.is(bundle.git('for-each-ref', '--format=%(refname)', 'refs/postgate/runs'), runs)
    const two = await run('staging')
    assert.is(two.code, 0, said(two))
    const drill = await run('staging', '--rollback', 'drill')
    assert.is(drill.code, 0, said(drill))

    const unanswered = await run('production', '--advance', '48h')
    assert.is(unanswered.code, 4, said(unanswered))
    assert.match(said(unanswered), /Version précédente connue/)
    const paused = await run(
      'production',
      '--answers',
      answers(bundle, (document) => {
        withFallback(document)
        document.deleteIn(['answers', 'Validation métier'])
      }),
    )
    assert.is(paused.code, 4, said(paused))
    assert.match(said(paused), /Validation métier/)
    assert.not.match(said(paused), /Version précédente connue.*(requêtes|pas encore)/)
    // The sandbox's own answers say nothing of the fallback: what was said before the pause holds.
    const done = await run('production')
    assert.is(done.code, 0, said(done))
    const folder = join(bundle.paths.project, 'docs/runs')
    const [record = ''] = readdirSync(folder).filter((name) => name.includes('-production-'))
    const stamped = readFileSync(join(folder, record, 'runbook.md'), 'utf8')
    assert.match(stamped, fallback)
    assert.match(stamped, /première mise en ligne, aucune référence/)
    const report = bundle.git(
      'log',
      '--all',
      '-1',
      '--format=',
      '-p',
      '--',
      'docs/DEPLOYMENT_REPORT_*',
    )
    assert.match(report, /Première mise en ligne\s*: aucune version n’était en ligne/)
    assert.ok(existsSync(join(bundle.paths.hosting.production, 'current')))
  } finally {
    bundle.remove()
  }
})

first.run()
