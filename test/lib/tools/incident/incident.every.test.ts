// Goal: who declares an incident knows on which environment it counts. Method: a project in real git with a
// run open in it, the command with and without somebody at a pseudo-terminal; what it prints is pasted.

import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {systemClock} from '../../../../scripts/lib/base/clock.ts'
import type {Incident} from '../../../../scripts/lib/domain/run.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {openJournal} from '../../../../scripts/lib/store/journal.ts'
import {leasesOf} from '../../../../scripts/lib/store/lease/lease.ts'
import {readIncidents} from '../../../../scripts/lib/store/records/incidents.ts'
import {runHere} from '../../../helpers/bundle.ts'
import {offered} from '../../../helpers/offered.ts'
import {type ReleaseProject, releaseProject} from '../../../helpers/release-project.ts'
import {gitEnvironment} from '../../../helpers/repository.ts'
import {keys, sitAt} from '../../../helpers/terminal.ts'
import {started} from '../../run/story.ts'

const incident = suite('an incident that is declared')
const root = join(import.meta.dirname, '../../../..')
const loader = join(root, 'scripts/lib/loader/index.js')

const inProject = (open: 'staging' | 'production' | 'freeze' | null, play: Play) => async () => {
  const project = await releaseProject()
  try {
    const folder = join(project.clone, '.git/postgate')
    mkdirSync(folder, {recursive: true})
    const live = join(folder, 'live.jsonl')
    if (open !== null) openJournal(live, () => new Date()).append(started(open, {run: 'run-1'}))
    await play(project, live)
  } finally {
    await project.close()
  }
}
type Play = (project: ReleaseProject, live: string) => Promise<void>

async function declared({
  clone,
}: ReleaseProject): Promise<Pick<Incident, 'what' | 'environment'>[]> {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  const all = await readIncidents(repository, systemClock)
  return all.map(({what, environment}) => ({what, environment}))
}

const sit = ({clone}: ReleaseProject, lang: 'fr' | 'en', columns: number) =>
  sitAt({
    file: process.execPath,
    args: [
      ...[
        `--import=${loader}`,
        join(root, 'scripts/incident.ts'),
        "l'écran est vide",
        '--critical',
      ],
      ...['--lang', lang],
    ],
    ...{cwd: clone, env: gitEnvironment, columns},
  })

incident(
  'on PRODUCTION says so, and how to declare it where the open run is',
  inProject('staging', async (project) => {
    const ran = await runHere('incident.ts', ["l'écran est vide", '--critical'], project.clone)
    assert.is(ran.exit, 0, ran.said)
    assert.match(ran.said, /déclaré sur PRODUCTION \(CRITIQUE\)/)
    assert.match(ran.said, /l’exécution run-1, sur STAGING, n’est pas concernée/)
    const [command = '', ...more] = offered(ran.said)
    assert.equal(more, [])
    assert.match(command, / incident .*'l'\\''écran est vide' --critical --on staging$/)
    const seat = sitAt({
      ...{file: 'bash', args: ['-c', command], cwd: project.clone, env: gitEnvironment},
      columns: 200,
    })
    assert.is(await seat.ended(), 0, seat.seen())
    assert.match(seat.seen(), /déclaré sur STAGING/)
    assert.equal(await declared(project), [
      {what: "l'écran est vide", environment: 'production'},
      {what: "l'écran est vide", environment: 'staging'},
    ])
  }),
)

for (const [open, flags] of [
  ['production', []],
  ['freeze', []],
  [null, []],
  ['staging', ['--on', 'staging']],
  ['staging', ['--on', 'production']],
] as const)
  incident(
    `is told without another word where ${open ?? 'no run'} is open, ${flags.join(' ')}`,
    inProject(open, async (project) => {
      const ran = await runHere('incident.ts', ['vu', ...flags], project.clone)
      assert.is(ran.exit, 0, ran.said)
      const where = flags[1] === 'staging' ? 'STAGING' : 'PRODUCTION'
      assert.match(ran.said, new RegExp(`déclaré sur ${where} \\(mineur\\)`))
      assert.not.match(ran.said, /concernée/)
    }),
  )

for (const [lang, columns] of [
  ['fr', 40],
  ['en', 80],
  ['fr', 200],
  ['en', 200],
] as const)
  incident(
    `asks at a terminal on which environment, the open run’s first (${lang}, ${columns})`,
    inProject('staging', async (project) => {
      const asks = lang === 'fr' ? /a-t-il[\s│]+été[\s│]+constaté/ : /On which environment/
      const left = sit(project, lang, columns)
      await left.sees(asks)
      left.types(keys.end)
      assert.is(await left.ended(), 4, left.seen())
      assert.match(left.seen(), lang === 'fr' ? 'Rien n’a été déclaré' : 'Nothing was declared')
      assert.equal(await declared(project), [])

      const first = sit(project, lang, columns)
      await first.sees(/● STAGING/)
      first.types(keys.enter)
      assert.is(await first.ended(), 0, first.seen())
      assert.equal(
        (await declared(project)).map(({environment}) => environment),
        ['staging'],
      )
    }),
  )

incident(
  'at a terminal is asked of nobody where the run that is left here has ended elsewhere',
  inProject('staging', async (project, live) => {
    const repository = await openRepository(project.another('other'), {environment: gitEnvironment})
    const got = await leasesOf({repository, clock: systemClock}).acquire({
      ...{run: 'run-1', scenario: 'staging', kind: 'scenario', machine: 'far', operator: 'Grace'},
    })
    if (got.outcome === 'held') throw new Error('held')
    await got.lease.release({archive: 'run-1', journal: readFileSync(live, 'utf8')})
    const seat = sit(project, 'en', 80)
    assert.is(await seat.ended(), 0, seat.seen())
    assert.match(seat.seen(), 'declared on PRODUCTION (CRITICAL)')
  }),
)

incident.run()
