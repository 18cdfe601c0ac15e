// Goal: what one machine alone knows is not lost to whoever goes on, and nobody goes on with what is not
// theirs. Method: a small project with a real remote, clones of it, and sessions in this process; what a
// machine had not sent is what its journal holds beyond the lease's.

import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseArguments} from '../../../../scripts/lib/base/arguments.ts'
import {catalogue} from '../../../../scripts/lib/catalogue.ts'
import type {EventBody, RunKind} from '../../../../scripts/lib/domain/event.ts'
import {factRecorded} from '../../../../scripts/lib/domain/facts.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {pass} from '../../../../scripts/lib/domain/verdict.ts'
import {phase, type Step} from '../../../../scripts/lib/kit/definition.ts'
import {discardRun} from '../../../../scripts/lib/run/opening/live-file.ts'
import {openRunning} from '../../../../scripts/lib/run/opening/open-running.ts'
import {type Started, startRun, takeOver} from '../../../../scripts/lib/run/opening/start.ts'
import {openPhaseContext} from '../../../../scripts/lib/run/running.ts'
import {runScenario} from '../../../../scripts/lib/run/scenario.ts'
import {openSession, type Session} from '../../../../scripts/lib/run/session.ts'
import {commitDocuments} from '../../../../scripts/lib/store/git/documents-commit.ts'
import {leasesOf} from '../../../../scripts/lib/store/lease/lease.ts'
import {threeStepsProject} from '../../../bench/three-steps-project.ts'
import {gitEnvironment, type TestRepository} from '../../../helpers/repository.ts'

const taking = suite('a take-over')

const act = (id: string): Step => ({
  id,
  act: ({$}) => $`true ${id}`,
  done: async () => pass('done'),
})

interface Machine {
  readonly name: string
  readonly steps?: readonly Step[]
  readonly words?: readonly string[]
  readonly mode?: 'READ-ONLY' | 'EXECUTIVE'
  readonly now?: () => Date
}

/** The project as a machine opens it for its freeze. */
async function machine(
  project: string,
  {name, steps, now, words = [], mode = 'READ-ONLY'}: Machine,
): Promise<Session> {
  const definition = {
    scenario: 'freeze' as const,
    phases: [
      async () =>
        phase({
          ...{id: 'commands', runbook: 'runbooks/freeze.md', number: 1, mode},
          steps: [...(steps ?? ['one', 'two', 'three'].map(act))],
        }),
    ],
    rollback: null,
    catalogue: async () => catalogue,
  }
  const args = parseArguments(['--project', project, ...words], 'freeze')
  const session = await openSession(definition, args, {
    ...{readOnly: false, services: true},
  })
  const {world} = session
  const clock = now === undefined ? world.clock : {...world.clock, now}
  return {...session, world: {...world, clock, machine: name, operator: name}}
}

const inProject =
  (work: (test: TestRepository & {two: string}) => Promise<void>) => async (): Promise<void> => {
    const test = threeStepsProject()
    Object.assign(process.env, gitEnvironment, {XDG_CACHE_HOME: join(test.folder, 'cache')})
    try {
      await work({...test, two: test.another('two')})
    } finally {
      test.close()
    }
  }

const executive = (test: TestRepository, clone: string) => {
  const path = 'runbooks/freeze.md'
  const text = readFileSync(join(clone, path), 'utf8').replace('(READ-ONLY)', '(EXÉCUTIF)')
  test.commit({[path]: text}, 'An EXECUTIVE phase')
  test.push()
}

const by = (operator: string) => ({operator})
const opening = (operator: string, kind: RunKind = 'scenario') => ({kind, operator: by(operator)})
const begin = (session: Session) => startRun(session, opening('Ada'))

const intended: EventBody = {
  ...{type: 'step-intended', phase: 'commands', step: 'one', attempt: 1, effects: ['true one']},
  nature: {},
}
const finished: EventBody = {
  ...{type: 'step-finished', phase: 'commands', step: 'one', attempt: 1, verdict: 'pass'},
  ...{observed: 'done', evidence: [], durationMs: 1, nature: {}},
}

/** A run whose outcome of an act is on this machine alone. */
async function withUnsent(session: Session): Promise<Started> {
  const started = await begin(session)
  started.run.append(intended)
  await started.lease.sync(started.run.journal.text())
  started.run.append(finished)
  return started
}

const steps = ({run}: Started) => run.state().steps.get('commands/one')?.status
const refusal = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error)

taking(
  'by the machine that holds the run keeps what it had not sent',
  inProject(async ({clone}) => {
    await withUnsent(await machine(clone, {name: 'one'}))
    const again = await takeOver(await machine(clone, {name: 'one'}), 'sûreté', opening('Ada'))
    assert.is(steps(again), 'finished')
    assert.is(again.run.journal.events().at(-1)?.type, 'run-taken-over')
  }),
)

taking(
  'by another asks the world, and puts aside what the first had not sent',
  inProject(async ({clone, two}) => {
    const one = await withUnsent(await machine(clone, {name: 'one'}))
    const other = await takeOver(await machine(two, {name: 'two'}), 'en panne', opening('Grace'))
    assert.is(steps(other), 'intended')
    const refused = await refusal(begin(await machine(clone, {name: 'one'})))
    assert.match(
      JSON.stringify(refused instanceof Problem && refused.parts.why),
      /tenue par two sur two/,
    )
    await takeOver(await machine(clone, {name: 'one'}), 'réparé', opening('Ada'))
    const kept = join(clone, '.git/postgate/runs', `${one.run.state().run}.lost.jsonl`)
    assert.is(readFileSync(kept, 'utf8'), one.run.journal.text())
  }),
)

taking(
  'between the documents and the end goes on with the journal that they hold',
  inProject(async ({clone, two}) => {
    const session = await machine(clone, {name: 'one'})
    const {run, lease} = await withUnsent(session)
    run.append({type: 'run-decided', result: 'aborted', why: 'essai'})
    await lease.sync(run.journal.text())
    run.append(factRecorded('document-names', {report: null, ledger: 'docs/CHOSEN.md'}))
    run.append({type: 'documents-written', documents: []})
    const {run: name, started} = run.state()
    await commitDocuments({
      ...{repository: session.world.repository, run: name, since: started.main},
      date: new Date(),
      derive: async () => ({
        message: 'Documents',
        files: new Map([[`docs/runs/${name}/journal.jsonl`, run.journal.text()]]),
      }),
    })
    const other = await takeOver(await machine(two, {name: 'two'}), 'en panne', opening('Grace'))
    const [documents, over] = other.run.journal.events().slice(-2)
    assert.is(documents?.type, 'documents-written')
    assert.is(over?.type, 'run-taken-over')
    assert.ok(other.run.journal.text().startsWith(run.journal.text()))
  }),
)

taking(
  'of another scenario, or by another policy, is refused and takes nothing',
  inProject(async ({clone, two, ...test}) => {
    await withUnsent(await machine(clone, {name: 'one'}))
    const session = await machine(two, {name: 'two'})
    const holder = async () => (await leasesOf(session.world).read())?.holder.machine
    const staging = {...session, scenario: 'staging' as const}
    for (const [other, told] of [
      [staging, /scripts\/freeze\.ts --take-over/],
      [{...session, gate: {...session.gate, sha256: 'other'}}, /politique a changé/],
    ] as const) {
      const error = await refusal(takeOver(other, 'à tort', opening('Grace')))
      assert.ok(error instanceof Problem)
      assert.match(JSON.stringify(error.parts), told)
      assert.is(error.parts.exit, 3)
      assert.is(await holder(), 'one')
      assert.not(existsSync(join(two, '.git/postgate/live.jsonl')))
    }
    assert.ok(test.git(['ls-remote', 'origin', 'refs/postgate/lease']))
  }),
)

taking(
  'that was cut off before the journal came is one all the same',
  inProject(async ({clone, two}) => {
    await withUnsent(await machine(clone, {name: 'one'}))
    const session = await machine(two, {name: 'two'})
    await leasesOf(session.world).takeOver({machine: 'two', operator: 'Grace', why: 'en panne'})
    const other = await begin(session)
    const last = other.run.journal.events().at(-1)
    assert.is(last?.type, 'run-taken-over')
    assert.match(JSON.stringify(last), /"from":"Ada@one"/)
    assert.equal(readdirSync(join(two, '.git/postgate')).includes('runs'), false)
  }),
)

taking(
  'in the middle of a watch finds what was measured, but for the last minutes',
  inProject(async ({clone, two}) => {
    let now = new Date('2026-01-23T10:00:00Z')
    const session = await machine(clone, {name: 'one', now: () => now})
    const controller = new AbortController()
    const running = await openRunning(session, {
      ...{signal: controller.signal, now: () => {}, stop: () => {}},
    })
    const {context, close} = await openPhaseContext(running, {
      ...{mode: 'READ-ONLY', fences: [], step: () => 'watch', attempt: 1},
    })
    const measure = async (minutes: number) => {
      now = new Date(Date.parse('2026-01-23T10:00:00Z') + minutes * 60_000)
      const at = now.toISOString()
      const sample = {at, source: 'http', ok: true, status: 200, ms: 5}
      await context.record({type: 'samples-taken', samples: [sample]})
      await running.lease.flush()
    }
    await running.lease.sync(running.run.journal.text())
    const seen = async () => {
      const found = await leasesOf((await machine(two, {name: 'two'})).world).read()
      return found?.journal.match(/"samples-taken"/g)?.length ?? 0
    }
    for (const minutes of [5, 15, 25]) await measure(minutes)
    assert.is(await seen(), 0)
    await measure(31)
    assert.is(await seen(), 4)
    await close()
  }),
)

taking(
  'asks to confirm what is left of an EXECUTIVE phase, and nothing that has happened',
  inProject(async (test) => {
    executive(test, test.clone)
    const one = await begin(await machine(test.clone, {name: 'one'}))
    const who = {role: 'Release Manager', name: 'Ada', how: 'declared'} as const
    const begun: EventBody[] = [
      {type: 'phase-started', phase: 'commands', title: 'Trois commandes', mode: 'EXECUTIVE'},
      {type: 'phase-confirmed', phase: 'commands', typed: 'FREEZE', by: who},
    ]
    const acts = ['one', 'two', 'three'].flatMap((step) => [
      {...intended, step},
      {...finished, step},
    ])
    for (const event of [...begun, ...acts.slice(0, 2)]) one.run.append(event)
    await one.lease.sync(one.run.journal.text())
    const on = async (name: string, path: string) =>
      runScenario(
        await machine(path, {name, words: ['--take-over', 'en panne'], mode: 'EXECUTIVE'}),
      )
    assert.is(await on('two', test.another('second')), 4)
    // The last act has happened, and nobody lived to write it.
    const three = test.another('third')
    const other = await takeOver(
      await machine(three, {name: 'three'}),
      'en panne',
      opening('Grace'),
    )
    for (const event of acts.slice(2, 5)) other.run.append(event)
    await other.lease.sync(other.run.journal.text())
    assert.is(await on('four', test.another('fourth')), 0)
  }),
)

taking(
  'of a run that died behind its first event notes where the team is, as its own resume does',
  inProject(async ({clone, two}) => {
    const session = await machine(clone, {name: 'one'})
    const {run, lease} = await begin(session)
    const [first = ''] = run.journal.text().split('\n')
    await lease.sync(`${first}\n`)
    writeFileSync(run.journal.path, `${first}\n`)
    const zone = ({run: {state}}: Started) => state().facts.get('timezone')?.value
    assert.ok(zone(await begin(session)))
    const other = await takeOver(await machine(two, {name: 'two'}), 'en panne', opening('Grace'))
    assert.ok(zone(other))
  }),
)

taking(
  'is no reason to wait: a run that goes on after a pause says so to other clones at once',
  inProject(async ({clone, two}) => {
    const paused = await withUnsent(await machine(clone, {name: 'one'}))
    paused.run.append({type: 'run-paused', waitingFor: ['une réponse'], earliest: null})
    await paused.lease.sync(paused.run.journal.text())
    const elsewhere = leasesOf((await machine(two, {name: 'two'})).world)
    let seen = false
    const look: Step = {
      id: 'two',
      read: async () => {
        for (let tries = 0; tries < 300 && !seen; tries += 1) {
          seen = (await elsewhere.read())?.journal.includes('"run-resumed"') ?? false
          if (!seen) await delay(100)
        }
        return pass('looked')
      },
    }
    const session = await machine(clone, {name: 'one', steps: [act('one'), look, act('three')]})
    assert.is(await runScenario(session), 0)
    assert.ok(seen)
  }),
)

taking(
  'of a run that nothing was sent of goes on under its name, and the first machine learns that it is over',
  inProject(async ({clone, two}) => {
    const {run} = await begin(await machine(clone, {name: 'one'}))
    const words = ['--take-over', 'en panne']
    assert.is(await runScenario(await machine(two, {name: 'two', words})), 0)
    const refused = await refusal(begin(await machine(clone, {name: 'one'})))
    assert.ok(refused instanceof Problem)
    assert.match(JSON.stringify(refused.parts.what), /terminée? sur un autre poste/)
    assert.match(JSON.stringify(refused.parts), new RegExp(run.state().run))
  }),
)

taking(
  'of a run that nothing was sent of stays what it was, unless another thing is asked for',
  inProject(async ({clone, two}) => {
    const one = await machine(clone, {name: 'one'})
    for (const [kind, asked, wanted] of [
      ['drill', 'scenario', 'drill'],
      ['rollback', 'scenario', 'rollback'],
      ['exit', 'scenario', 'exit'],
      ['scenario', 'rollback', 'rollback'],
      ['scenario', 'scenario', 'scenario'],
    ] as const) {
      await startRun(one, {...opening('Ada', kind), ...(kind === 'rollback' && {reason: 'slow'})})
      const other = await machine(two, {name: 'two'})
      const {run, lease} = await takeOver(other, 'en panne', opening('Grace', asked))
      assert.is(run.state().kind, wanted)
      assert.is(run.state().started.reason, wanted === 'rollback' ? 'en panne' : undefined)
      await lease.releaseEmpty()
      for (const session of [one, other]) discardRun(session)
    }
  }),
)

taking(
  'finds what was looked at before something changed it, and does not look again',
  inProject(async ({clone, two}) => {
    const elsewhere = leasesOf((await machine(two, {name: 'two'})).world)
    let known: string | undefined
    const empty: Step = {id: 'one', momentary: true, read: async () => pass('found empty')}
    const fill: Step = {
      id: 'two',
      read: async () => {
        known = (await elsewhere.read())?.journal
        return pass('no longer empty')
      },
    }
    const session = await machine(clone, {name: 'one', steps: [empty, fill, act('three')]})
    assert.is(await runScenario(session), 0)
    assert.match(known ?? '', /found empty/)
  }),
)

taking.run()
