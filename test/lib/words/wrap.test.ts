// Goal: what is told reads well at 40, 80 and 200 columns. Method: our own sentences and helps, folded to each.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {approveHelp, incidentHelp} from '../../../scripts/lib/words/approve.ts'
import {auditHelp} from '../../../scripts/lib/words/audit.ts'
import {overview} from '../../../scripts/lib/words/command-list.ts'
import {gateHelp} from '../../../scripts/lib/words/gate.ts'
import {help} from '../../../scripts/lib/words/help.ts'
import {initHelp} from '../../../scripts/lib/words/init.ts'
import {lintHelp} from '../../../scripts/lib/words/lint.ts'
import {snapshotHelp} from '../../../scripts/lib/words/snapshot.ts'
import {statusHelp} from '../../../scripts/lib/words/status.ts'
import {columns, fitted, fittedPage, wrapped} from '../../../scripts/lib/words/wrap.ts'

const wrap = suite('lines that fit a screen')
const widths = [40, 80, 200]
const flat = (text: string) => text.replace(/\s+/g, ' ').trim()

const helps: Readonly<Record<string, (lang: 'fr' | 'en') => string>> = {
  staging: (lang) => help('staging', lang),
  freeze: (lang) => help('freeze', lang),
  postgate: (lang) => overview('npx postgate', lang),
  ...{approve: approveHelp, incident: incidentHelp, audit: auditHelp, gate: gateHelp},
  ...{init: initHelp, lint: lintHelp, snapshot: snapshotHelp, status: statusHelp},
}

/** What one line cannot be broken in: a word, or a command that is to be pasted. */
const unbreakable = /^\s*(?:\S+|(?:npx|node|postgate|git) .*)$/

for (const [name, told] of Object.entries(helps))
  for (const lang of ['fr', 'en'] as const)
    wrap(`keep all words of the help of ${name} (${lang})`, () => {
      const text = told(lang)
      for (const width of widths) {
        const shown = fittedPage(text, width - 1)
        assert.is(flat(shown), flat(text))
        for (const line of shown.split('\n'))
          assert.ok(columns(line) < width || unbreakable.test(line), `${width}: ${line}`)
      }
      assert.is(fittedPage(text, 199), text, 'nothing is moved where there is room')
    })

wrap('go on under the text that they belong to, broken anew as a whole', () => {
  const text = [
    '  --on ENVIRONNEMENT   staging ou production ; production sinon, sauf réponse contraire au terminal',
    '                       quand une exécution est ouverte',
    '  --by NOM             qui',
    '  Une phrase qui va jusqu’au bout de sa ligne, et qui est donc coupée à l’endroit où elle déborderait,',
    '  puis continue.',
    '',
    '  1 abandonné',
  ].join('\n')
  assert.is(
    fittedPage(text, 60),
    [
      '  --on ENVIRONNEMENT   staging ou production ; production',
      '                       sinon, sauf réponse contraire au',
      '                       terminal quand une exécution est',
      '                       ouverte',
      '  --by NOM             qui',
      '  Une phrase qui va jusqu’au bout de sa ligne, et qui est',
      '    donc coupée à l’endroit où elle déborderait, puis',
      '    continue.',
      '',
      '  1 abandonné',
    ].join('\n'),
  )
})

wrap('go on behind a command with what is none of its words', () => {
  for (const remark of ['(la même commande)', ', puis relancer'])
    assert.match(
      wrapped(
        `  suite : node scripts/postgate.js freeze --sandbox${remark.startsWith(',') ? '' : ' '}${remark}`,
        39,
        2,
      ),
      /\n {4}node scripts\/postgate\.js freeze --sandbox(?:,?\n)/,
    )
})

wrap('stay lines of their own where they are told one by one', () => {
  const told = [
    '! incident mineur PRODUCTION déclaré par Claire Moreau, 2026-12-02 11:52 UTC : lenteurs au paiement',
    'Aucune exécution en cours.',
    '  PRODUCTION  2026-12-02 12:15 UTC  réussi · prod-ready-2026-11-30-nightly-green · 20261202-094454',
    '  STAGING     2026-11-30 09:43 UTC  exercice réussi · prod-ready',
  ]
  for (const width of widths) {
    const lines = fitted(told.join('\n'), width - 1).split('\n')
    const starts = lines.filter((line) => /^(?:!|Aucune| {2}(?:PROD|STAG)[A-Z]* )/.test(line))
    assert.is(starts.length, 4, lines.join('\n'))
    for (const line of lines) assert.ok(columns(line) < width, line)
    if (width === 200) assert.equal(lines, told)
  }
  assert.match(fitted(told[2] ?? '', 79), /\n {14}\S/)
})

wrap('never leave the mark that opens a line alone on it, and keep what is aligned', () => {
  assert.is(
    wrapped('  - docs/DEPLOYMENT_REPORT_2026_11_30_2.md', 39),
    '  - docs/DEPLOYMENT_REPORT_2026_11_30_2.md',
  )
  assert.is(
    wrapped('  STAGING    2026-11-30 09:04 UTC  réussi · v1.0.0', 39, 2),
    '  STAGING    2026-11-30 09:04 UTC\n    réussi · v1.0.0',
  )
})

/** Commands that our sentences offer, with what stands around each. */
const offered: readonly (readonly [before: string, command: string, after: string])[] = [
  [
    'obtenir l’accord, ou signé :',
    'npx zx scripts/approve.ts staging --role "Release Manager"',
    '',
  ],
  [
    'constaté :',
    "node ../release/scripts/postgate.js incident --project ../shop 'l'\\''écran est vide' --critical --on staging",
    '',
  ],
  ['sinon :', "npx zx scripts/incident.ts 'commandes perdues' --on staging", ''],
  [
    'committer :',
    "git add ':/a b' && git commit -m 'Gate de novembre' -- ':/a b' && git push origin main",
    ', puis relancer',
  ],
  ['publier le tag :', 'git -C ../shop push origin refs/tags/v1.0.0', ''],
  ['créer le dossier :', 'mkdir -p ../shop/env', ' puis relancer la même commande'],
  [
    'npx zx scripts/staging.ts --rollback RAISON ; retour à la main :',
    'test -d /srv/www/releases/1 && ln -sfn releases/1 /srv/www/.current && mv -Tf /srv/www/.current /srv/www/current',
    '',
  ],
  [
    'À faire à la main, maintenant, depuis la racine du projet :',
    "ssh -o BatchMode=yes -p 2222 -i ~/.ssh/key deploy@www 'test -d /srv/releases/1 && ln -sfn releases/1 /srv/.next'",
    '',
  ],
  [
    'look by hand at what is served; the vendor’s command:',
    'firebase hosting:clone shop@12ab shop:live --project shop',
    ' (20261130-staging)',
  ],
  [
    'commande de l’hébergeur :',
    `netlify api restoreSiteDeploy --data '{"site_id": "1", "deploy_id": "2"}'`,
    '',
  ],
]

wrap('never end within a command that is to be pasted', () => {
  for (const width of widths)
    for (const [before, command, after] of offered) {
      const sentence = `  suite : ce qui manque encore, et ${before} ${command}${after}`
      const lines = wrapped(sentence, width - 1, 4).split('\n')
      assert.ok(
        lines.some((line) => line.includes(command)),
        `${width}: ${lines.join('\n')}`,
      )
      assert.is(flat(lines.join('\n')), flat(sentence))
    }
})

wrap.run()
