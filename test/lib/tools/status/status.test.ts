// Goal: status tells the truth from anywhere. Method: a real remote and clones, journals as the runner
// writes them, a lease that another clone holds, and a remote that goes away.

import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createTerminal} from '../../../../scripts/lib/base/terminal.ts'
import {catalogue} from '../../../../scripts/lib/catalogue.ts'
import type {EventBody} from '../../../../scripts/lib/domain/event.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {createMask} from '../../../../scripts/lib/guard/mask.ts'
import {openPolicy} from '../../../../scripts/lib/policy/policy.ts'
import type {Workspace} from '../../../../scripts/lib/run/session.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {openJournal} from '../../../../scripts/lib/store/journal.ts'
import {leasesOf} from '../../../../scripts/lib/store/lease/lease.ts'
import {lockLocally} from '../../../../scripts/lib/store/lease/local-lock.ts'
import {readRecords} from '../../../../scripts/lib/store/records/records.ts'
import {liveWords, statusLines} from '../../../../scripts/lib/tools/status/lines.ts'
import {statusPage} from '../../../../scripts/lib/tools/status/page/page.ts'
import {type ProjectStatus, readProjectStatus} from '../../../../scripts/lib/tools/status/state.ts'
import {gitEnvironment, inRepository, type TestRepository} from '../../../helpers/repository.ts'
import {testProject} from '../../../helpers/world.ts'
import {fact, frozen, opened, productionRolledBack, started, stepped} from '../../run/story.ts'
import {atRest, watched} from './pages.ts'

const status = suite('status')
const bundle = join(import.meta.dirname, '../../../..')
const now = new Date('2026-01-30T09:00:00Z')

async function workspace(test: TestRepository, clone = test.clone): Promise<Workspace> {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  const mask = createMask([])
  return {
    world: {
      clock: {now: () => now, wait: async () => {}},
      repository,
      fetch: globalThis.fetch,
      environment: {},
      cache: join(test.folder, `cache-${clone.length}`),
      bundle,
      project: clone,
      mark: '',
      flags: '',
      machine: 'here',
      operator: 'Ada',
    },
    project: testProject({name: 'Comptoir'}),
    policy: openPolicy({root: clone, bundle}),
    catalogue,
    mask,
    terminal: createTerminal({
      ...{lang: 'fr', json: true, now: () => now, environment: {}},
      mask: (text) => text,
    }),
    standIns: null,
    readOnly: true,
    env: () => Promise.reject(new Error('status reads no env file')),
    close: async () => {},
  }
}

/** A chained journal of these events; returns its text. */
function journalOf(test: TestRepository, events: readonly EventBody[], at: string): string {
  const path = join(test.folder, `${Math.random()}.jsonl`)
  const journal = openJournal(path, () => new Date(at))
  for (const event of events) journal.append(event)
  return journal.text()
}

/** The bodies of a told story. */
const bodies = (events: readonly EventBody[]): EventBody[] =>
  events.map((event) => {
    const {
      v: _v,
      seq: _seq,
      at: _at,
      prev: _prev,
      ...body
    } = {v: 0, seq: 0, at: '', prev: '', ...event}
    return body
  })

async function lease(clone: string, run: string) {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  const got = await leasesOf({repository, clock: {now: () => now}}).acquire({
    ...{run, scenario: 'staging', kind: 'scenario', machine: 'far', operator: 'Grace'},
  })
  if (got.outcome === 'held') throw new Error('held')
  return got.lease
}

async function record(test: TestRepository, run: string, journal: string) {
  await (await lease(test.clone, run)).release({archive: run, journal})
}

const half: EventBody[] = [
  started('staging', {run: 'run-half', operator: 'Grace', machine: 'far'}),
  ...stepsOf('preparation', 'Préparation'),
  {type: 'phase-finished', phase: 'preparation'},
  ...stepsOf('reset', 'Reset STAGING'),
  {
    type: 'run-paused',
    waitingFor: [{fr: 'Validation métier', en: 'Business validation'}],
    earliest: '2026-01-31T08:00:00.000Z',
  },
]

function stepsOf(phase: string, title: string): EventBody[] {
  const lines = [opened(phase, title, 'EXECUTIVE'), ...stepped(phase, 'reset-database', 'fait', {})]
  return lines.flatMap((line) => ('wait' in line ? [] : [line]))
}

const said = async (place: Workspace) =>
  statusLines(await readProjectStatus(place))
    .map((line) => inLang(line, 'fr'))
    .join('\n')

status(
  'of a project without runs says so',
  inRepository(async (test) => {
    const found = await readProjectStatus(await workspace(test))
    assert.equal(
      [found.run, found.lease, found.last, found.owed, found.freeze],
      [null, null, [], [], null],
    )
    assert.is(found.remote, 'answers')
    assert.match(await said(await workspace(test)), 'Aucune exécution enregistrée')
  }),
)

status(
  'of a run open here: its phases, its last step, what it waits for and from when on',
  inRepository(async (test) => {
    const place = await workspace(test)
    const path = join(place.world.repository.gitDirectory, 'postgate/live.jsonl')
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, journalOf(test, half, '2026-01-30T08:00:00Z'))
    const {run} = await readProjectStatus(place)
    assert.equal(
      run?.phases.map(({number, status: each}) => [number, each]),
      [
        [1, 'passed'],
        [2, 'begun'],
        [3, 'to-come'],
        [4, 'to-come'],
      ],
    )
    assert.is(run?.lastStep?.step, 'reset-database')
    assert.is(run?.where, 'here')
    const text = await said(place)
    assert.match(text, 'attend : Validation métier')
    assert.match(text, 'au plus tôt : 2026-01-31 08:00 UTC')
    assert.match(text, 'npx zx scripts/staging.ts')
  }),
)

const wentLive = {id: 'r1', version: '1.4.0', tag: 'v1.4.0', commit: 'a'.repeat(40), at: null}
const changed = (live: object | null) =>
  fact('changes', {committedAt: null, since: null, commits: [], live})

for (const [told, events, wanted] of [
  [
    'nothing ran',
    null,
    {staging: null, fr: /STAGING {5}Postgate n’y a encore rien mis en ligne ; ce qui y est/},
  ],
  [
    'the first run waits before it looked',
    half,
    {staging: null, fr: /STAGING {5}Postgate n’y a .* l’exécution ouverte n’a pas encore/},
  ],
  [
    'the first run waits, and something was live',
    [...half, changed(wentLive)],
    {staging: ['unchanged', '1.4.0'], fr: /STAGING {5}1\.4\.0$/m},
  ],
  [
    'the first run waits, and nothing was live',
    [...half, changed(null)],
    {staging: ['none', null], fr: /STAGING {5}rien$/m},
  ],
] as const)
  status(
    `tells what is live of each environment where ${told}`,
    inRepository(async (test) => {
      const place = await workspace(test)
      if (events !== null) {
        const path = join(place.world.repository.gitDirectory, 'postgate/live.jsonl')
        mkdirSync(dirname(path), {recursive: true})
        writeFileSync(path, journalOf(test, events, '2026-01-30T08:00:00Z'))
      }
      const found = await readProjectStatus(place)
      const {staging, production} = found.live
      assert.is(production, null)
      assert.equal(staging === null ? null : [staging.status, staging.version], wanted.staging)
      const text = await said(place)
      assert.match(text, wanted.fr)
      assert.match(text, /PRODUCTION {2}Postgate n’y a encore rien mis en ligne ; ce qui y est/)
      const page = statusPage({...atRest, status: found})
      assert.match(page, inLang(liveWords(found, 'staging'), 'fr'))
      assert.match(page, inLang(liveWords(found, 'production'), 'fr'))
    }),
  )

status(
  'tells what is live however many runs were refused since it was put there',
  inRepository(async (test) => {
    const back = bodies(productionRolledBack())
    await record(test, 'run-00', journalOf(test, back, '2026-01-20T22:00:00Z'))
    for (let day = 1; day < 8; day += 1) {
      const refused: EventBody[] = [
        started('production', {run: `run-0${day}`}),
        {type: 'run-decided', result: 'aborted', why: 'refusé'},
      ]
      await record(test, `run-0${day}`, journalOf(test, refused, `2026-01-2${day}T22:00:00Z`))
    }
    const {live} = await readProjectStatus(await workspace(test))
    assert.is(live.production?.run, back[0]?.type === 'run-started' ? back[0].run : '')
    assert.is(live.production?.status, 'previous')
  }),
)

status('tells the figures of the watch, in both languages', () => {
  const idle: ProjectStatus = {
    ...{project: 'Comptoir', sandbox: false, at: now.toISOString(), remote: 'answers'},
    ...{
      run: null,
      lease: null,
      last: [],
      live: {staging: null, production: null},
      owed: [],
      freeze: null,
      incidents: [],
    },
    watch: watched(),
  }
  const lines = statusLines(idle)
  const [line] = lines.filter((each) => inLang(each, 'fr').includes('surveillance'))
  assert.match(
    inLang(line ?? '', 'fr'),
    /surveillance PRODUCTION \(GET \/\), du 2026-01-30 20:50 UTC au .*: 389 requêtes, 16 erreurs \(4,11 %\) ; seuil 5 % ; 95ᵉ centile \d+ ms$/,
  )
  assert.match(inLang(line ?? '', 'en'), /389 requests, 16 errors \(4\.11%\); threshold 5%; 95th/)
  assert.not.ok(
    statusLines({...idle, watch: null}).some((each) => /surveillance/.test(inLang(each, 'fr'))),
  )
})

status(
  'names the process that is at work, and takes no lock itself',
  inRepository(async (test) => {
    const place = await workspace(test)
    const path = join(place.world.repository.gitDirectory, 'postgate/live.jsonl')
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, journalOf(test, half, '2026-01-30T08:00:00Z'))
    assert.is((await readProjectStatus(place)).run?.working, null)
    const lock = await lockLocally(place.world.repository.gitDirectory, 'staging.ts', now)
    assert.ok('release' in lock)
    assert.is((await readProjectStatus(place)).run?.working?.pid, process.pid)
    if ('release' in lock) await lock.release()
  }),
)

status(
  'of a run on another machine is read from the lease',
  inRepository(async (test) => {
    const other = test.another('other')
    const held = await lease(other, 'run-half')
    const early = await readProjectStatus(await workspace(test))
    assert.equal([early.run, early.lease?.operator, early.lease?.ours], [null, 'Grace', false])
    await held.sync(journalOf(test, half, '2026-01-30T08:00:00Z'))
    const found = await readProjectStatus(await workspace(test))
    assert.equal(
      [found.run?.run, found.run?.where, found.run?.operator],
      ['run-half', 'elsewhere', 'Grace'],
    )
    assert.match(await said(await workspace(test)), '--take-over')
    // What it was then: it may have gone on since.
    assert.match(await said(await workspace(test)), 'dernières nouvelles il y a 1 h')
  }),
)

status(
  'names who took a run over, and shows no run as open that they ended',
  inRepository(async (test) => {
    const place = await workspace(test)
    const path = join(place.world.repository.gitDirectory, 'postgate/live.jsonl')
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, journalOf(test, half, '2026-01-30T08:00:00Z'))
    const other = test.another('other')
    const held = await lease(other, 'run-half')
    const over: EventBody = {
      ...{type: 'run-taken-over', machine: 'near', operator: 'Hedy', from: 'Grace@far'},
      why: 'en panne',
    }
    const journal = journalOf(test, [...half, over], '2026-01-30T08:30:00Z')
    await held.sync(journal)
    const {run} = await readProjectStatus(await workspace(test))
    assert.equal([run?.operator, run?.machine, run?.where], ['Hedy', 'near', 'elsewhere'])
    await held.release({archive: 'run-half', journal})
    const after = await readProjectStatus(await workspace(test))
    assert.is(after.run, null)
    assert.equal(
      after.last.map(({run: name}) => name),
      ['run-half'],
    )
  }),
)

status(
  'with the remote away says what is known here, and that it is not all',
  inRepository(async (test) => {
    const place = await workspace(test)
    await record(test, 'run-1', journalOf(test, bodies(frozen()), '2026-01-23T09:00:00Z'))
    test.away()
    const found = await readProjectStatus(await workspace(test))
    assert.is(found.remote, 'away')
    assert.is(found.freeze?.reason, 'gel comptable de fin de mois')
    assert.match(await said(place), 'le dépôt distant ne répond pas')
  }),
)

status(
  'an unfilled post-mortem is owed until its file on main is filled in',
  inRepository(async (test) => {
    const path = 'docs/POST_MORTEM_ROLLBACK_2026_01_26.md'
    const names = {report: null, postMortem: path, freeze: null, backlog: null}
    const events = [...bodies(productionRolledBack()), fact('document-names', names)]
    await record(test, 'run-1', journalOf(test, events, '2026-01-26T22:00:00Z'))
    const owed = async () =>
      (await readProjectStatus(await workspace(test))).owed.filter(
        ({kind}) => kind === 'post-mortem',
      )
    assert.is((await owed()).length, 1)
    test.commit({[path]: '# Post-mortem\n\n## Cause <!-- à remplir: cause -->\n\n_à remplir_\n'})
    test.push()
    assert.is((await owed()).length, 1)
  }),
)

status(
  'the history keeps its figures without reading a journal twice',
  inRepository(async (test) => {
    await record(
      test,
      'run-1',
      journalOf(test, bodies(productionRolledBack()), '2026-01-26T22:00:00Z'),
    )
    const {repository, cache} = (await workspace(test)).world
    const {runs} = await readRecords(repository, {cache})
    assert.ok(runs[0]?.figures?.deployedAt)
    assert.ok(runs[0]?.figures?.brokenAt)
    assert.ok(runs[0]?.figures?.restoredAt)
    assert.is(runs[0]?.figures?.committedAt, null)
  }),
)

status.run()
