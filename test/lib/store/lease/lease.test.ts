// Goal: of any number of starts exactly one holds the lease, and whoever lost it can write nothing
// more. Method: real clones and processes racing for the refs of a bare remote.

import {spawn} from 'node:child_process'
import {chmodSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {isRemoteAway} from '../../../../scripts/lib/store/git/remote-problem.ts'
import {
  type Lease,
  type Leases,
  leaseRef,
  leasesOf,
  recordRef,
} from '../../../../scripts/lib/store/lease/lease.ts'
import {LeaseLost, leaseHeld} from '../../../../scripts/lib/store/lease/problem.ts'
import {gitEnvironment, inRepository, testRepository} from '../../../helpers/repository.ts'

const lease = suite('lease')

const clock = {now: () => new Date('2026-01-23T09:00:00Z')}

async function leasesIn(clone: string): Promise<Leases> {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  return leasesOf({repository, clock})
}

const claim = (machine: string) =>
  ({run: 'run-1', scenario: 'staging', kind: 'scenario', machine, operator: 'Ada'}) as const

/** Whether the ref names this holder, as anybody reads it. */
const holds = async (leases: Leases, {holder}: Lease) =>
  (await leases.read())?.holder.nonce === holder.nonce

async function acquire(leases: Leases, machine = 'one') {
  const started = await leases.acquire(claim(machine))
  if (started.outcome === 'held') throw new Error(`held by ${started.holder.machine}`)
  return started.lease
}

lease(
  'is held by one: the other is told who, what and since when',
  inRepository(async (test) => {
    const one = await leasesIn(test.clone)
    const two = await leasesIn(test.another('two'))
    assert.is(await one.read(), null)
    const held = await acquire(one)
    assert.ok(await holds(one, held))
    const refused = await two.acquire(claim('two'))
    assert.is(refused.outcome, 'held')
    if (refused.outcome !== 'held') return
    assert.is(refused.holder.machine, 'one')
    const {parts} = leaseHeld(refused.holder, new Date('2026-01-23T10:05:00Z'))
    assert.is(parts.exit, 3)
    assert.match(
      JSON.stringify(parts),
      /run-1.*Ada on one since 2026-01-23T09:00:00.000Z \(1 h 5 min\)/,
    )
    assert.is((await two.read())?.ours, false)
    assert.is((await one.read())?.ours, true)
  }),
)

lease('of four processes in four clones exactly one wins, round after round', async () => {
  const test = testRepository()
  const script = fileURLToPath(new URL('../../../helpers/lease-racer.ts', import.meta.url))
  const racers = ['a', 'b', 'c', 'd'].map((name) => {
    const child = spawn(
      process.execPath,
      ['--import=typescript-when-needed', script, test.another(name), name],
      {stdio: ['pipe', 'pipe', 'inherit']},
    )
    const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
    return {
      child,
      tell: (word: string) => void child.stdin.write(`${word}\n`),
      hear: async (): Promise<string> => String((await lines.next()).value),
    }
  })
  const all = (word: string) => {
    for (const racer of racers) racer.tell(word)
    return Promise.all(racers.map((racer) => racer.hear()))
  }
  try {
    await Promise.all(racers.map((racer) => racer.hear()))
    for (let round = 0; round < 4; round += 1) {
      const answers = await all('go')
      assert.is(answers.filter((answer) => answer === 'acquired').length, 1, answers.join(', '))
      assert.is(answers.filter((answer) => answer.startsWith('held by')).length, 3)
      await all('release')
      assert.is(test.git(['ls-remote', 'origin', leaseRef]), '')
    }
  } finally {
    for (const {child} of racers) child.stdin.end()
    test.close()
  }
})

lease(
  'carries the journal, and is recognised by the clone that holds it',
  inRepository(async (test) => {
    const held = await acquire(await leasesIn(test.clone))
    assert.is(await held.sync('{"seq":1}\n'), 'synced')
    assert.is(await held.sync('{"seq":1}\n{"seq":2}\n'), 'synced')
    assert.is(await held.sync('{"seq":1}\n{"seq":2}\n'), 'synced')
    const again = await (await leasesIn(test.clone)).acquire(claim('one'))
    assert.is(again.outcome, 'resumed')
    if (again.outcome === 'held') return
    assert.is(again.journal, '{"seq":1}\n{"seq":2}\n')
    assert.is(await again.lease.sync('{"seq":1}\n{"seq":2}\n{"seq":3}\n'), 'synced')
    const two = await leasesIn(test.another('two'))
    assert.is((await two.read())?.journal, '{"seq":1}\n{"seq":2}\n{"seq":3}\n')
  }),
)

lease(
  'is ours even where the answer to a push was lost',
  inRepository(async (test) => {
    const one = await leasesIn(test.clone)
    const held = await acquire(one)
    // Another process of this clone moved the lease on, as a push does whose answer never came.
    const twin = await (await leasesIn(test.clone)).own()
    assert.is(await twin?.sync('later\n'), 'synced')
    assert.ok(await holds(one, held))
    assert.is(await held.sync('latest\n'), 'synced')
    assert.is((await one.read())?.journal, 'latest\n')
  }),
)

lease(
  'taken over is lost to its holder, who can write nothing more',
  inRepository(async (test) => {
    const held = await acquire(await leasesIn(test.clone))
    await held.sync('journal\n')
    const two = await leasesIn(test.another('two'))
    const taken = await two.takeOver({machine: 'two', operator: 'Grace', why: 'one is broken'})
    assert.is(taken.journal, 'journal\n')
    assert.is(taken.from.machine, 'one')
    assert.is(taken.lease.holder.run, 'run-1')
    assert.not(await holds(two, held))
    for (const write of [
      () => held.sync('mine\n'),
      () => held.release({archive: 'run-1', journal: 'mine\n'}),
    ]) {
      const error = await write().catch((thrown) => thrown)
      assert.ok(error instanceof LeaseLost)
      assert.match(JSON.stringify(error.parts.why), 'Grace@two')
    }
    await held.releaseEmpty()
    assert.ok(await holds(two, taken.lease))
    assert.is((await two.read())?.journal, 'journal\n')
    assert.is(test.git(['ls-remote', 'origin', recordRef('run-1')]), '')
    const resumed = await (await leasesIn(test.clone)).acquire(claim('one'))
    assert.is(resumed.outcome, 'held')
  }),
)

lease(
  'is taken over from a holder who goes on writing, with the newest that it wrote',
  inRepository(async (test) => {
    const held = await acquire(await leasesIn(test.clone))
    await held.sync('first\n')
    const repository = await openRepository(test.another('two'), {environment: gitEnvironment})
    const more = ['second\n', 'third\n']
    const two = leasesOf({
      clock,
      // Between the look at the lease and its change, the other one is faster.
      repository: {
        ...repository,
        fetchObjects: async (objects) => {
          await repository.fetchObjects(objects)
          const next = more.shift()
          if (next !== undefined) await held.sync(next)
        },
      },
    })
    const taken = await two.takeOver({machine: 'two', operator: 'Grace', why: 'one is stuck'})
    assert.is(taken.journal, 'third\n')
    assert.ok(await holds(two, taken.lease))
    assert.instance(await held.sync('mine\n').catch((thrown) => thrown), LeaseLost)
  }),
)

lease(
  'of two who take over at once one succeeds',
  inRepository(async (test) => {
    await acquire(await leasesIn(test.clone))
    const others = await Promise.all(
      ['two', 'three', 'four'].map((name) => leasesIn(test.another(name))),
    )
    const results = await Promise.allSettled(
      others.map((each, index) =>
        each.takeOver({machine: `m${index}`, operator: 'Ada', why: 'test'}),
      ),
    )
    const winners = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    // One after the other is a legal order too: then the earlier winner has lost it again.
    const [anybody] = others
    assert.ok(anybody)
    const still = await Promise.all(winners.map(({lease: won}) => holds(anybody, won)))
    assert.is(still.filter(Boolean).length, 1)
  }),
)

lease(
  'ends with its record: both in one push, and once however often it is repeated',
  inRepository(async (test) => {
    const one = await leasesIn(test.clone)
    const held = await acquire(one)
    await held.sync('a\n')
    await held.release({archive: 'run-1', journal: 'a\nb\n'})
    assert.is(test.git(['ls-remote', 'origin', leaseRef]), '')
    const record = test.git(['rev-parse', recordRef('run-1')], test.remote)
    assert.is(test.git(['show', `${record}:journal.jsonl`], test.remote), 'a\nb')
    assert.is(test.git(['rev-parse', recordRef('run-1')]), record)
    await held.release({archive: 'run-1', journal: 'a\nb\n'})
    assert.is(test.git(['rev-parse', recordRef('run-1')], test.remote), record)
    assert.is(await one.own(), null)
    assert.is(await one.read(), null)
  }),
)

lease(
  'says that the remote is away, and goes on when it is back',
  inRepository(async (test) => {
    const one = await leasesIn(test.clone)
    const held = await acquire(one)
    test.away()
    assert.ok(isRemoteAway(await held.sync('kept\n')))
    for (const ask of [() => one.read(), () => held.release({archive: 'run-1', journal: ''})]) {
      assert.ok(isRemoteAway(await ask().catch((thrown) => thrown)))
    }
    assert.ok((await one.own()) !== null)
    test.back()
    assert.is(await held.sync('kept\n'), 'synced')
    await held.release({archive: 'run-1', journal: 'kept\n'})
  }),
)

lease(
  'names the right that is missing where the remote refuses its ref',
  inRepository(async (test) => {
    const hook = join(test.remote, 'hooks/pre-receive')
    writeFileSync(hook, '#!/bin/sh\nexit 1\n')
    chmodSync(hook, 0o755)
    const error = await (await leasesIn(test.clone)).acquire(claim('one')).catch((e) => e)
    assert.match(error.message, 'did not accept refs/postgate')
  }),
)

lease(
  'let go of by a run without effects leaves nothing behind',
  inRepository(async (test) => {
    const one = await leasesIn(test.clone)
    await (await acquire(one)).releaseEmpty()
    assert.is(test.git(['ls-remote', 'origin']).includes('postgate'), false)
    assert.is(await one.own(), null)
  }),
)

lease(
  'never runs a person’s pre-push hook nor pushes their tags',
  inRepository(async (test) => {
    const hook = join(test.clone, '.git/hooks/pre-push')
    writeFileSync(hook, `#!/bin/sh\necho ran >> ${test.folder}/ran\nexit 1\n`)
    chmodSync(hook, 0o755)
    test.git(['config', 'push.followTags', 'true'])
    test.git(['tag', '-a', 'private', '-m', 'x'])
    const held = await acquire(await leasesIn(test.clone))
    await held.sync('x\n')
    assert.throws(() => readFileSync(join(test.folder, 'ran')))
    assert.is(test.git(['ls-remote', 'origin', 'refs/tags/*']), '')
  }),
)

lease(
  'sends an outcome with the intent that follows it, and by itself where none does',
  inRepository(async (test) => {
    const hook = join(test.remote, 'hooks/post-receive')
    writeFileSync(hook, `#!/bin/sh\necho >>'${join(test.folder, 'pushes')}'\n`, {mode: 0o755})
    const pushes = () => readFileSync(join(test.folder, 'pushes'), 'utf8').length
    const there = async () => (await (await leasesIn(test.clone)).read())?.journal
    const held = await acquire(await leasesIn(test.clone))
    const before = pushes()
    held.syncSoon(() => 'outcome\n')
    assert.is(await held.sync('outcome\nintent\n'), 'synced')
    assert.is(pushes() - before, 1)
    assert.is(await there(), 'outcome\nintent\n')
    let journal = 'outcome 2\n'
    held.syncSoon(() => journal)
    journal = 'outcome 2\nmore\n'
    for (let tries = 0; tries < 200 && (await there()) !== journal; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100))
    assert.is(await there(), 'outcome 2\nmore\n')
    assert.is(pushes() - before, 2)
    held.syncSoon(() => 'at the end\n')
    await held.flush()
    await held.flush()
    assert.is(await there(), 'at the end\n')
    assert.is(pushes() - before, 3)
  }),
)

lease(
  'that was lost while an outcome was on its way is told by the next intent, once',
  inRepository(async (test) => {
    const held = await acquire(await leasesIn(test.clone))
    const two = await leasesIn(test.another('two'))
    const taken = await two.takeOver({machine: 'two', operator: 'Grace', why: 'one is broken'})
    held.syncSoon(() => 'outcome\n')
    await held.flush()
    assert.is((await two.read())?.journal, '')
    const error = await held.sync('outcome\nintent\n').catch((thrown) => thrown)
    assert.ok(error instanceof LeaseLost)
    held.syncSoon(() => 'outcome\n')
    await held.flush()
    // Where no intent comes, the next outcome stops it.
    assert.throws(
      () => held.syncSoon(() => 'another outcome\n'),
      (thrown: unknown) => thrown instanceof LeaseLost,
    )
    await held.releaseEmpty()
    assert.ok(await holds(two, taken.lease))
    assert.is((await two.read())?.journal, '')
  }),
)

lease(
  'is a local ref without a remote, with the same rules',
  inRepository(async (test) => {
    test.git(['remote', 'remove', 'origin'])
    const one = await leasesIn(test.clone)
    const held = await acquire(one)
    assert.is(await held.sync('a\n'), 'synced')
    assert.is((await one.acquire(claim('one'))).outcome, 'resumed')
    rmSync(join(test.clone, '.git/postgate'), {recursive: true})
    assert.is((await one.acquire(claim('two'))).outcome, 'held')
    const taken = await one.takeOver({machine: 'two', operator: 'Grace', why: 'test'})
    assert.is(taken.journal, 'a\n')
    assert.not(await holds(one, held))
    await taken.lease.release({archive: 'run-1', journal: 'a\nb\n'})
    assert.is(test.git(['show', `${recordRef('run-1')}:journal.jsonl`]), 'a\nb')
    assert.is(await one.read(), null)
  }),
)

lease.run()
