import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody, RunResult} from '../../../../scripts/lib/domain/event.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {openJournal} from '../../../../scripts/lib/store/journal.ts'
import {leasesOf, recordRef} from '../../../../scripts/lib/store/lease/lease.ts'
import {readRecords} from '../../../../scripts/lib/store/records/records.ts'
import {gitEnvironment, inRepository, type TestRepository} from '../../../helpers/repository.ts'
import {started} from '../../run/story.ts'

const records = suite('records')

/** A real journal of a run that ended with `result`. */
function journalOf(test: TestRepository, run: string, at: string, result: RunResult): string {
  const journal = openJournal(join(test.folder, `${run}.jsonl`), () => new Date(at))
  const events: EventBody[] = [
    started('staging', {run}),
    {type: 'run-decided', result, why: 'test'},
    {type: 'run-ended', result},
  ]
  for (const event of events) journal.append(event)
  return journal.text()
}

async function record(test: TestRepository, run: string, journal: string, clone = test.clone) {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  const leases = leasesOf({repository, clock: {now: () => new Date('2026-01-23T09:00:00Z')}})
  const begun = await leases.acquire({
    run,
    scenario: 'staging',
    kind: 'scenario',
    machine: 'one',
    operator: 'Ada',
  })
  if (begun.outcome === 'held') throw new Error('held')
  await begun.lease.release({archive: run, journal})
}

async function read(test: TestRepository, clone = test.clone) {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  return readRecords(repository, {cache: join(test.folder, 'cache')})
}

records(
  'are read from the remote by any clone, oldest first, and each folds on demand',
  inRepository(async (test) => {
    assert.equal(await read(test), {runs: [], complete: true})
    await record(test, 'b', journalOf(test, 'b', '2026-01-24T09:00:00Z', 'succeeded'))
    await record(test, 'a', journalOf(test, 'a', '2026-01-25T09:00:00Z', 'rolled-back'))
    const {runs, complete} = await read(test, test.another('two'))
    assert.is(complete, true)
    assert.equal(
      runs.map(({run, result, startedAt}) => [run, result, startedAt.slice(0, 10)]),
      [
        ['b', 'succeeded', '2026-01-24'],
        ['a', 'rolled-back', '2026-01-25'],
      ],
    )
    assert.is(runs[0]?.source, recordRef('b'))
    const state = await runs[0]?.load()
    assert.is(state?.ended?.result, 'succeeded')
    assert.is(state?.events.length, 3)
  }),
)

records(
  'are summed up once: the next reading parses no journal',
  inRepository(async (test) => {
    await record(test, 'a', journalOf(test, 'a', '2026-01-24T09:00:00Z', 'succeeded'))
    await read(test)
    const file = join(test.folder, 'cache/records.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('succeeded', 'aborted'))
    assert.is((await read(test)).runs[0]?.result, 'aborted')
    // A damaged cache is made again.
    writeFileSync(file, '{"x":')
    assert.is((await read(test)).runs[0]?.result, 'succeeded')
  }),
)

records(
  'are what is known here when the remote is away, and say so',
  inRepository(async (test) => {
    await record(test, 'a', journalOf(test, 'a', '2026-01-24T09:00:00Z', 'succeeded'))
    test.commit({
      'docs/runs/c/journal.jsonl': journalOf(test, 'c', '2026-01-26T09:00:00Z', 'aborted'),
      'docs/runs/broken/journal.jsonl': 'no journal\n',
    })
    test.push()
    assert.equal(
      (await read(test)).runs.map(({run}) => run),
      ['a', 'c'],
    )
    test.away()
    const {runs, complete} = await read(test)
    assert.is(complete, false)
    assert.equal(
      runs.map(({run}) => run),
      ['a', 'c'],
    )
    assert.is(runs[1]?.source, 'docs/runs/c/journal.jsonl')
    assert.is((await runs[1]?.load())?.decided?.result, 'aborted')
  }),
)

records(
  'of a journal that was tampered with are refused when it is read',
  inRepository(async (test) => {
    const text = journalOf(test, 'a', '2026-01-24T09:00:00Z', 'aborted')
    await record(test, 'a', text.replace('"why":"test"', '"why":"else"'))
    const {runs} = await read(test)
    const error = await runs[0]?.load().catch((thrown) => thrown)
    assert.ok(error instanceof Error)
  }),
)

records(
  'by the hundred are read with a handful of git processes',
  inRepository(async (test) => {
    const text = journalOf(test, 'a', '2026-01-24T09:00:00Z', 'succeeded')
    await record(test, 'a', text)
    const object = test.git(['rev-parse', recordRef('a')], test.remote)
    const lines = Array.from({length: 500}, (_, n) => `${object} ${recordRef(`x${n}`)}\n`)
    writeFileSync(
      join(test.remote, 'packed-refs'),
      `# pack-refs with: peeled \n${lines.sort().join('')}`,
    )
    const began = performance.now()
    assert.is((await read(test)).runs.length, 501)
    assert.ok(performance.now() - began < 5_000)
  }),
)

records.run()
