// Goal: every `--break` of scenario B on the very first PRODUCTION run, and the watch interrupted, killed,
// aborted and alarmed from another clone. Each in a copy of one prepared sandbox.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse, stringify} from 'yaml'
import type {Bundle} from '../helpers/bundle-runs.ts'
import {bytesServed} from './broken.ts'
import {newest, production, readyForProduction, said} from './watched.ts'

const every = suite('production, every break')
const later = ['--advance', '48h'] as const
let ready: Bundle | undefined

async function inCopy(use: (bundle: Bundle) => Promise<void>): Promise<void> {
  ready ??= await readyForProduction()
  const bundle = ready.copy()
  try {
    await use(bundle)
  } finally {
    bundle.remove()
  }
}

const breaks = [
  {name: 'approval', exit: 3, says: /- Autorisation explicite/},
  {name: 'env-committed', exit: 3, says: /- Configuration jamais commitée/},
  {name: 'staging-key-in-prod', exit: 3, says: /- Clé publique du bon projet/},
  {name: 'size', exit: 4, says: /Taille de l'artefact.*\+/},
  {name: 'secret-in-build', exit: 1, says: /Artefact prouvé/},
  {name: 'errors', exit: 1, says: /Taux d'erreur trop élevé/},
  {name: 'outage', exit: 1, says: /Indisponibilité|Taux d'erreur/},
] as const

for (const {name, exit, says} of breaks) {
  every(`--break ${name} ends with ${exit} and leaves the previous version`, () =>
    inCopy(async (bundle) => {
      const before = bytesServed(bundle, 'production')
      const ran = await production(bundle, [...later, '--break', name])
      assert.is(ran.code, exit, said(ran))
      assert.match(said(ran), says)
      assert.equal(bytesServed(bundle, 'production'), before)
    }),
  )
}

every('--break rollback ends with 1, unverified, and says what to do by hand', () =>
  inCopy(async (bundle) => {
    const ran = await production(bundle, [...later, '--break', 'rollback'])
    assert.is(ran.code, 1, said(ran))
    assert.match(
      said(ran),
      /ROLLBACK NON PROUVÉ[\s\S]*À faire à la main, maintenant, depuis la racine du projet : test -d .* && ln -sfn/,
    )
    assert.match(
      newest(bundle, 'DEPLOYMENT_REPORT').text,
      /Reste|reste dû[\s\S]*vérifier à la main/,
    )
  }),
)

for (const [answer, exit] of [
  ['yes', 0],
  ['no', 1],
] as const) {
  every(`--break no-data ends with 4; a person's ${answer} ends the run with ${exit}`, () =>
    inCopy(async (bundle) => {
      const before = bytesServed(bundle, 'production')
      const ran = await production(bundle, [...later, '--break', 'no-data'])
      assert.is(ran.code, 4, said(ran))
      assert.match(said(ran), /couverture/)
      const file = answersWith(bundle, 'Surveillance de deux heures', {
        by: {role: 'Directeur', name: 'Paul Lemaire'},
        answer,
        observed: 'les journaux de l’hébergeur couvrent la période',
      })
      const end = await production(bundle, ['--answers', file])
      assert.is(end.code, exit, said(end))
      if (answer === 'no') assert.equal(bytesServed(bundle, 'production'), before)
      else assert.match(newest(bundle, 'DEPLOYMENT_REPORT').text, /Paul Lemaire/)
    }),
  )
}

every('what a person refuses at 30 minutes ends the watch there, and rolls back', () =>
  inCopy(async (bundle) => {
    const before = bytesServed(bundle, 'production')
    // Written by the first run, which stops before anything is deployed.
    await production(bundle, [...later, '--break', 'approval'])
    const file = answersWith(bundle, "Logs d'erreur à 30 minutes", {
      by: {role: 'QA Lead', name: 'Ada'},
      answer: 'no',
      observed: 'erreurs 500 en série à l’ouverture des commandes',
    })
    const ran = await production(bundle, ['--answers', file])
    assert.is(ran.code, 1, said(ran))
    assert.match(said(ran), /Logs d'erreur à 30 minutes : erreurs 500 en série/)
    assert.equal(bytesServed(bundle, 'production'), before)
    assert.match(said(ran), /surveillance, reste 91 min/)
    assert.not.match(said(ran), /surveillance, reste [0-8]?\d min/)
    assert.match(newest(bundle, 'POST_MORTEM').text, /erreurs 500 en série/)
  }),
)

/** The sandbox's answers, with one more or another one. */
function answersWith(bundle: Bundle, title: string, answer: object): string {
  const known: unknown = parse(readFileSync(bundle.paths.answers, 'utf8'))
  assert.ok(typeof known === 'object' && known !== null && 'answers' in known)
  const file = join(bundle.path, 'answers.yaml')
  const answers = {...Object(known.answers), [title]: answer}
  writeFileSync(file, stringify({...known, answers}))
  return file
}

/** Starts PRODUCTION and does something to it once its watch has begun. */
function inTheWatch(
  bundle: Bundle,
  what: (send: (signal: NodeJS.Signals) => void) => void,
): ReturnType<typeof production> {
  let done = false
  return production(bundle, later, {
    onOutput: (text, send) => {
      if (done || !/surveillance, reste 11[0-4] min/.test(text)) return
      done = true
      what(send)
    },
  })
}

every('killed in the watch: what was sampled counts, hours away are a gap, never a pass', () =>
  inCopy(async (bundle) => {
    const ran = await inTheWatch(bundle, (send) => send('SIGKILL'))
    assert.is(ran.signal, 'SIGKILL', said(ran))
    const end = await production(bundle, ['--advance', '30m'])
    assert.is(end.code, 4, said(end))
    assert.match(said(end), /couverture 7\d %/)
    const abort = await production(bundle, ['--abort', 'trop peu de mesures'])
    assert.is(abort.code, 1, said(abort))
    assert.match(newest(bundle, 'DEPLOYMENT_REPORT').text, /sans mesure \|/)
  }),
)

every('SIGINT in the watch pauses; --abort then rolls back', () =>
  inCopy(async (bundle) => {
    const before = bytesServed(bundle, 'production')
    const ran = await inTheWatch(bundle, (send) => send('SIGINT'))
    assert.is(ran.code, 4, said(ran))
    assert.not.equal(bytesServed(bundle, 'production'), before)
    const abort = await production(bundle, ['--abort', 'doute sur les stocks'])
    assert.is(abort.code, 1, said(abort))
    assert.equal(bytesServed(bundle, 'production'), before)
    assert.match(bundle.read('docs/PROD_DEPLOYMENTS.md'), /doute sur les stocks/)
  }),
)

every('a critical incident declared in another clone during the watch rolls back', () =>
  inCopy(async (bundle) => {
    const before = bytesServed(bundle, 'production')
    const clone = mkdtempSync(join(tmpdir(), 'postgate-other-'))
    bundle.git('clone', '--quiet', bundle.paths.remote, clone)
    let declared: ReturnType<Bundle['run']> | undefined
    const ran = await inTheWatch(bundle, () => {
      declared = bundle.run(
        ['scripts/incident.ts', 'commandes perdues', '--critical', '--project', clone],
        {cwd: clone},
      )
    })
    const told = await declared
    rmSync(clone, {recursive: true, force: true})
    ready?.remove()
    assert.is(told?.code, 0, told && said(told))
    assert.is(ran.code, 1, said(ran))
    assert.match(said(ran), /commandes perdues/)
    assert.equal(bytesServed(bundle, 'production'), before)
  }),
)

every.run()
