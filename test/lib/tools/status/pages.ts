// What the page is tried with: a project at rest, one in trouble, and one whose every word is hostile.

import type {Sample} from '../../../../scripts/lib/domain/event.ts'
import {fold} from '../../../../scripts/lib/domain/fold.ts'
import {type MeasuredRun, releaseFigures} from '../../../../scripts/lib/domain/release-figures.ts'
import {watchCurve} from '../../../../scripts/lib/domain/watch-curve.ts'
import type {RunHistory} from '../../../../scripts/lib/tools/status/history.ts'
import type {PageInput} from '../../../../scripts/lib/tools/status/page/page.ts'
import type {ProjectStatus} from '../../../../scripts/lib/tools/status/state.ts'
import {journal, started} from '../../run/story.ts'

const now = '2026-01-30T22:40:00.000Z'

export const atRest: PageInput = {
  status: {
    project: 'Comptoir',
    sandbox: false,
    at: now,
    remote: 'answers',
    run: null,
    lease: null,
    last: [],
    live: {staging: null, production: null},
    watch: null,
    owed: [],
    freeze: null,
    incidents: [],
  },
  history: {sandbox: false, complete: true, runs: [], figures: []},
  lang: 'fr',
  mask: (text) => text,
  commands: {page: 'npx zx scripts/status.ts --html page.html', goOn: null},
  everySeconds: null,
}

/** A watch with a failing stretch, and half an hour in which nobody looked. */
export function watched(): ProjectStatus['watch'] {
  const zero = Date.parse('2026-01-30T21:00:00Z')
  const samples: Sample[] = Array.from({length: 600}, (_, index) => index - 60)
    .filter((index) => index < 250 || index > 400)
    .map((index) => ({
      at: new Date(zero + index * 10_000).toISOString(),
      source: 'GET /',
      ok: !(index > 120 && index < 170 && index % 3 === 0),
      status: 200,
      ms: 40 + ((index * 37) % 90),
    }))
  const events = journal('2026-01-30T20:59:59.000Z', [
    started('production'),
    {type: 'fact-recorded', name: 'deployment', value: deployed},
    {type: 'samples-taken', samples},
  ])
  return watchCurve(fold(events), 5)
}

const deployed = {
  id: 'dep-2',
  url: 'https://app.example.org',
  version: '2.4.0+311',
  manifest: null,
  at: '2026-01-30T21:00:00Z',
}

function runs(count: number): MeasuredRun[] {
  return Array.from({length: count}, (_, index) => {
    const day = new Date(Date.parse('2026-01-01T20:00:00Z') + index * 43_200_000)
    const at = (minutes: number) => new Date(+day + minutes * 60_000).toISOString()
    const broken = index % 7 === 6
    return {
      run: `production-${at(0).slice(0, 10)}-${index}`,
      scenario: index % 2 === 0 ? 'staging' : 'production',
      kind: 'scenario',
      result: broken ? 'rolled-back' : 'succeeded',
      tag: 'prod-ready-2026-01-23-nightly-green',
      commit: 'a'.repeat(40),
      startedAt: at(0),
      endedAt: at(160),
      committedAt: at(-600),
      deployedAt: at(20),
      provenAt: at(25),
      brokenAt: broken ? at(60) : null,
      restoredAt: broken ? at(72) : null,
    }
  })
}

const history = (count: number): RunHistory => ({
  sandbox: true,
  complete: false,
  runs: runs(count),
  figures: (['staging', 'production'] as const).map((scenario) =>
    releaseFigures(runs(count), scenario, new Date(now)),
  ),
})

export const inTrouble: PageInput = {
  ...atRest,
  status: {
    ...atRest.status,
    sandbox: true,
    remote: 'away',
    run: {
      run: 'production-20260130-203000-ab12',
      scenario: 'production',
      kind: 'scenario',
      where: 'here',
      operator: 'Camille',
      machine: 'poste-12',
      startedAt: '2026-01-30T20:30:00.000Z',
      lastEventAt: '2026-01-30T22:38:00.000Z',
      tag: 'prod-ready-2026-01-23-nightly-green',
      commit: 'b'.repeat(40),
      working: null,
      phases: [
        {number: 1, title: 'Préparation', mode: 'READ-ONLY', status: 'passed'},
        {number: 2, title: 'Déploiement', mode: 'EXECUTIVE', status: 'passed'},
        {number: 3, title: 'Surveillance', mode: 'READ-ONLY', status: 'begun'},
        {number: 4, title: 'Clôture', mode: null, status: 'to-come'},
      ],
      lastStep: {
        ...{phase: 'monitoring', step: 'watch', status: 'finished', attempt: 2},
        ...{verdict: 'fail', observed: 'taux d’erreur 6,2 % > 5 %', at: '2026-01-30T22:38:00.000Z'},
      },
      waitingFor: [{fr: 'Validation métier (QA Lead)', en: 'Business validation (QA Lead)'}],
      earliest: '2026-01-31T08:00:00.000Z',
      open: [
        ...[{title: 'Sauvegarde', verdict: 'fail' as const, observed: 'aucune', next: 'la faire'}],
        ...[{title: 'Nightly', verdict: 'unknown' as const, observed: 'non lue', next: null}],
      ],
      rollback: {why: 'taux d’erreur', startedAt: '2026-01-30T22:30:00.000Z', finished: false},
      decided: null,
      effects: true,
    },
    live: {
      staging: {
        ...{status: 'new', version: '2.4.0+311', id: 'dep-1', run: 'staging-20260129'},
        ...{url: 'https://staging.example.org', since: '2026-01-29T10:00:00.000Z', tag: 'v2'},
      },
      production: {
        ...{status: 'unknown', version: null, id: null, url: null, since: null, tag: null},
        run: 'production-20260130-203000-ab12',
      },
    },
    watch: watched(),
    owed: [
      {
        ...{kind: 'post-mortem', run: 'production-20260126'},
        what: {
          fr: 'remplir et commiter le post-mortem docs/POST_MORTEM_ROLLBACK_2026_01_26.md ; il manque : cause, actions',
          en: 'fill in and commit the post-mortem docs/POST_MORTEM_ROLLBACK_2026_01_26.md; missing: cause, actions',
        },
      },
    ],
    incidents: [
      ...[{what: 'connexion impossible', severity: 'critical' as const, environment: null}].map(
        (each) => ({...each, by: 'Ada', at: '2026-01-30T22:10:00.000Z'}),
      ),
    ],
    freeze: {
      ...{run: 'freeze-1', since: '2026-01-28T08:00:00.000Z', tag: 'freeze-2026-01-28'},
      ...{reason: 'gel comptable', responsible: 'Alice Martin', review: '2026-02-02'},
    },
  },
  history: history(80),
  commands: {
    page: 'npx zx scripts/status.ts --html page.html --sandbox',
    goOn: 'npx zx scripts/production.ts --sandbox',
  },
  everySeconds: 5,
}

export const evil = `</style></script><script>window.hit=1</script><img src=x onerror="window.hit=1">"'`

/** Every word of the record replaced by one that would run if it were markup. */
export const hostile: PageInput = {
  ...inTrouble,
  status: {
    ...inTrouble.status,
    project: evil,
    freeze: {
      ...{run: evil, since: now, tag: evil, reason: evil, responsible: evil, review: evil},
    },
    owed: [{kind: 'item', what: evil, run: evil}],
    incidents: [{what: evil, severity: 'minor', environment: null, by: evil, at: now}],
    live: {
      production: {
        ...{status: 'new', version: evil, id: evil, run: evil, since: now, tag: evil},
        url: 'javascript:window.hit=1',
      },
      staging: {
        ...{status: 'new', version: 'x'.repeat(300), id: evil, run: evil, since: now, tag: evil},
        url: `https://x.example/"onmouseover="window.hit=1`,
      },
    },
    ...(inTrouble.status.run && {
      run: {
        ...inTrouble.status.run,
        ...{run: evil, operator: evil, machine: evil, tag: evil},
        phases: [{number: 1, title: evil, mode: null, status: 'begun'}],
        waitingFor: [evil],
        open: [{title: evil, verdict: 'fail', observed: evil, next: evil}],
        decided: {result: 'aborted', why: evil},
      },
    }),
  },
  history: {
    ...inTrouble.history,
    runs: inTrouble.history.runs.slice(0, 3).map((run) => ({...run, tag: evil, run: evil})),
  },
  commands: {page: evil, goOn: evil},
}
