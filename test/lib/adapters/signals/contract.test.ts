// The contract of a source of signals: it counts the span that was asked for; nothing and nonsense are never
// zero; what does not answer is a problem, and in time. And what the items on logs and alerts make of it.

import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandSignal} from '../../../../scripts/lib/adapters/signals/command.ts'
import {prometheusSignal} from '../../../../scripts/lib/adapters/signals/prometheus.ts'
import {errorLogs} from '../../../../scripts/lib/checks/error-logs.ts'
import {userAlerts} from '../../../../scripts/lib/checks/user-alerts.ts'
import {fold} from '../../../../scripts/lib/domain/fold.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Signal, SignalName} from '../../../../scripts/lib/kit/ports/signals.ts'
import {testContext} from '../../../helpers/context.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {bodyOf, loopbackServer} from '../../../helpers/server.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'
import {journal, started} from '../../run/story.ts'

const contract = suite('the contract of signals')

const span = {since: new Date('2026-01-23T09:00:00Z'), until: new Date('2026-01-23T09:30:00Z')}
const link = 'https://logs.example/errors'

/** What the source knows of the span: a count, nothing, nonsense, or it fails, or it hangs. */
type Known = number | 'nothing' | 'nonsense' | 'fails' | 'hangs'

// Short only where nothing is to come: a slow machine takes its time.
const patience = (known: Known) => ({timeoutSeconds: known === 'hangs' ? 0.5 : 60})
const tools = (project: string) => testTools({world: testWorld({project, cache: project})})

const sources: Readonly<
  Record<string, (known: Known, use: (signal: Signal) => Promise<void>) => Promise<void>>
> = {
  command: async (known, use) => {
    const scripts = {
      nothing: 'true',
      nonsense: "echo '<html>'",
      fails: 'exit 1',
      hangs: 'exec sleep 30',
    }
    const script =
      typeof known === 'number'
        ? `[ "$POSTGATE_SINCE $POSTGATE_UNTIL" = '${span.since.toISOString()} ${span.until.toISOString()}' ] &&
           echo '${JSON.stringify({count: known, link})}'`
        : scripts[known]
    const folder = temporaryFolder()
    try {
      writeFileSync(join(folder.path, 'errors'), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder.path, 'errors'), 0o700)
      const given = {adapter: 'command', run: ['./errors'], ...patience(known)}
      await use(commandSignal(await tools(folder.path), given))
    } finally {
      folder.remove()
    }
  },
  prometheus: async (known, use) => {
    const server = await loopbackServer(async (request, response) => {
      if (known === 'hangs') return
      if (known === 'nonsense') return void response.end('<html>')
      if (known === 'fails') return void response.writeHead(503).end('{"status":"error"}')
      const asked = new URLSearchParams(await bodyOf(request))
      assert.is(asked.get('query'), 'sum(increase(errors_total[1800s]))')
      const at = Number(asked.get('time'))
      assert.is(at, span.until.getTime() / 1_000)
      const result = known === 'nothing' ? [] : [{metric: {}, value: [at, String(known)]}]
      response.end(JSON.stringify({status: 'success', data: {resultType: 'vector', result}}))
    })
    try {
      const query = 'sum(increase(errors_total[$span]))'
      const given = {adapter: 'prometheus', url: server.url, query, link, ...patience(known)}
      await use(prometheusSignal(await tools('/nowhere'), given))
    } finally {
      await server.close()
    }
  },
}

for (const [name, source] of Object.entries(sources)) {
  contract(`${name}: counts the span, with the place to read more`, () =>
    source(3, async (signal) => assert.equal(await signal.count(span), {count: 3, link})),
  )

  contract(`${name}: none is none`, () =>
    source(0, async (signal) => assert.equal(await signal.count(span), {count: 0, link})),
  )

  contract(`${name}: nothing is not zero`, () =>
    source('nothing', async (signal) => assert.is(await signal.count(span), null)),
  )

  for (const known of ['nonsense', 'fails', 'hangs'] as const) {
    contract(`${name}: ${known}: no count`, () =>
      source(known, async (signal) => {
        const found = await signal.count(span).catch((error: unknown) => error)
        assert.ok(
          found === null || (found instanceof Problem && found.parts.exit === 3),
          String(found),
        )
      }),
    )
  }
}

contract('prometheus: a part of an error is an error', async () => {
  await sources.prometheus?.(0.2, async (signal) => {
    assert.is((await signal.count(span))?.count, 1)
  })
})

contract(
  'prometheus: one number as a scalar counts; an empty or blank one is nothing',
  async () => {
    for (const [data, wanted] of [
      [{resultType: 'scalar', result: [0, '2']}, 2],
      [{resultType: 'scalar', result: [0, '']}, null],
      [{resultType: 'vector', result: [{metric: {}, value: [0, '']}]}, null],
      [{resultType: 'vector', result: [{metric: {}, value: [0, ' ']}]}, null],
      [{resultType: 'vector', result: [{metric: {}, value: [0, 'NaN']}]}, null],
    ] as const) {
      const server = await loopbackServer((_, response) =>
        response.end(JSON.stringify({status: 'success', data})),
      )
      try {
        const given = {adapter: 'prometheus', url: server.url, query: 'x'}
        const found = await prometheusSignal(await tools('/nowhere'), given).count(span)
        assert.is(found?.count ?? null, wanted, JSON.stringify(data))
      } finally {
        await server.close()
      }
    }
  },
)

/** The item on logs or alerts, 45 minutes after a deployment. */
async function judged(
  check: typeof errorLogs,
  signals: Partial<Record<SignalName, Signal>>,
  most?: number,
) {
  const lines = [
    started('production'),
    {type: 'step-intended', phase: 'p', step: 'deploy', attempt: 1, effects: []},
  ] as const
  const state = fold(journal(new Date(span.since.getTime() - 1_000).toISOString(), lines))
  const now = new Date('2026-01-23T09:45:00Z')
  const {context} = testContext({
    world: testWorld({project: '/nowhere', cache: '/nowhere', now}),
    project: testProject(),
    adapters: {signal: async (name) => signals[name] ?? null},
  })
  const {
    verdict,
    observed,
    attestable,
    evidence = [],
  } = await check.judge(Object.assign(context, {run: () => state}), {at: 1_800_000, most})
  const said = inLang(observed, 'en')
  return {verdict, said, asked: attestable !== undefined, links: evidence.map((each) => each.link)}
}

const says = (count: number | null): Signal => ({
  product: 'command',
  count: async (asked) => {
    // The first half hour, however late the question comes.
    assert.equal(asked, span)
    return count === null ? null : {count, link}
  },
})

contract('an item passes on a count that the runbook allows, and links to its source', async () => {
  const none = await judged(errorLogs, {errorLogs: says(0)})
  assert.equal([none.verdict, none.said, none.links], ['pass', 'command: 0 in 30 min', [link]])
  assert.is((await judged(userAlerts, {userAlerts: says(2)}, 2)).verdict, 'pass')
})

contract(
  'more than that, silence and a missing source are for a person, never a pass',
  async () => {
    const more = await judged(errorLogs, {errorLogs: says(3)})
    assert.equal([more.verdict, more.asked, more.links], ['unknown', true, [link]])
    assert.match(more.said, /3 in 30 min, allowed: 0/)
    const silent = await judged(errorLogs, {errorLogs: says(null)})
    assert.equal([silent.verdict, silent.asked], ['unknown', true])
    const broken: Signal = {product: 'command', count: () => Promise.reject(new Error('gone'))}
    assert.equal((await judged(errorLogs, {errorLogs: broken})).verdict, 'unknown')
    // The other item's source does not speak for this one.
    const other = await judged(userAlerts, {errorLogs: says(0)})
    assert.equal([other.verdict, other.asked], ['unknown', true])
  },
)

contract.run()
