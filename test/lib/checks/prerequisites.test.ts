// Goal: each prerequisite says pass, fail or unknown for the right reason, and names what is missing.
// Method: the checks on contexts told briefly; env files are real files.

import {symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {envFile} from '../../../scripts/lib/checks/env-file.ts'
import {envKeys} from '../../../scripts/lib/checks/env-keys.ts'
import {environmentsApart} from '../../../scripts/lib/checks/environments-apart.ts'
import {gateComplete} from '../../../scripts/lib/checks/gate-complete.ts'
import {notFrozen} from '../../../scripts/lib/checks/not-frozen.ts'
import {previousDeployment} from '../../../scripts/lib/checks/previous-deployment.ts'
import {stepPassed} from '../../../scripts/lib/checks/step-passed.ts'
import {toolsReady} from '../../../scripts/lib/checks/tools-ready.ts'
import {watchStable} from '../../../scripts/lib/checks/watch-stable.ts'
import type {Event, EventBody} from '../../../scripts/lib/domain/event.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {Problem, problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../../scripts/lib/domain/verdict.ts'
import {parseGate} from '../../../scripts/lib/policy/gate-file.ts'
import type {RecordedRun} from '../../../scripts/lib/store/records/records.ts'
import {testContext} from '../../helpers/context.ts'
import {type TemporaryFolder, temporaryFolder} from '../../helpers/folder.ts'
import {recordOf} from '../../helpers/records.ts'
import {loopbackServer} from '../../helpers/server.ts'
import {testProject, testWorld} from '../../helpers/world.ts'
import {commit, fact, journal, judged, started} from '../run/story.ts'

const prerequisites = suite('prerequisites')

const words = (judgement: Judgement) => inLang(judgement.observed, 'en')
const isVerdict = (judgement: Judgement, verdict: string, text: RegExp) => {
  assert.is(judgement.verdict, verdict, words(judgement))
  assert.match(words(judgement), text)
}

function contextOf(
  given: {
    folder?: TemporaryFolder
    env?: string
    more?: object
    records?: RecordedRun[]
    complete?: boolean
  } = {},
) {
  const path = given.folder?.path ?? '/nowhere'
  const {context} = testContext({
    // The checkpoint is not in this repository: nothing of it can be looked at.
    world: {
      ...testWorld({project: path, cache: path}),
      repository: Object.assign(JSON.parse('{}'), {resolveCommit: async () => null}),
    },
    project: testProject(),
    commit,
    ...(given.env !== undefined && {envFiles: {staging: given.env}}),
    records: {runs: given.records ?? [], complete: given.complete ?? true},
  })
  return Object.assign(context, {runbook: {path: 'runbooks/staging.md', phases: []}, ...given.more})
}

const gateOf = (section: string) =>
  parseGate(
    `# Gate\n\n**Tag** : \`t\`\n**Commit** : \`${commit}\`\n\n## 4. Checklist\n\n${section}\n`,
    'docs/GATE.md',
  )

prerequisites('a gate passes when every entry is validated', async () => {
  const gate = await gateOf('- [x] Tests\n- ✅ Recette')
  isVerdict(await gateComplete.judge(contextOf({more: {gate}}), {}), 'pass', /2 of 2/)
})

prerequisites(
  'a gate fails and names each open, refused and unclear entry with its line',
  async () => {
    const gate = await gateOf(
      '- [x] Tests\n- [ ] ✅ Recette\n- ❌ Charge\n- ✅ Sécurité, sous réserve',
    )
    const judgement = await gateComplete.judge(contextOf({more: {gate}}), {})
    isVerdict(judgement, 'fail', /3 of 4/)
    for (const line of ['GATE.md:9 ', 'GATE.md:10 ', 'GATE.md:11 ']) {
      assert.ok(words(judgement).includes(line), words(judgement))
    }
  },
)

prerequisites('a gate without a checklist is unknown, never complete', async () => {
  const gate = await gateOf('Rien à signaler.')
  isVerdict(
    await gateComplete.judge(contextOf({more: {gate}}), {}),
    'unknown',
    /nothing to validate/,
  )
})

prerequisites(
  'an env file passes when it is there, and fails by its name when it is not',
  async () => {
    const folder = temporaryFolder({'.env': 'A=1\nB=2\n'})
    try {
      const there = contextOf({env: join(folder.path, '.env')})
      isVerdict(await envFile.judge(there, {}), 'pass', /2 keys/)
      isVerdict(await envFile.judge(contextOf(), {}), 'fail', /env\/\.env\.staging is missing/)
    } finally {
      folder.remove()
    }
  },
)

prerequisites('an env file that cannot be read is a document error', async () => {
  const folder = temporaryFolder({'.env': 'no equals sign\n'})
  try {
    await envFile.judge(contextOf({env: join(folder.path, '.env')}), {})
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 2)
  } finally {
    folder.remove()
  }
})

prerequisites(
  'env keys: any of a group counts, an empty value does not, and no value is shown',
  async () => {
    const folder = temporaryFolder({'.env': 'OTHER_URL=tres-secret\nREF=\n'})
    try {
      const context = contextOf({env: join(folder.path, '.env')})
      const all = envKeys.parameters.all.parse('URL|OTHER_URL')
      isVerdict(await envKeys.judge(context, {all}), 'pass', /OTHER_URL: set/)
      const missing = await envKeys.judge(context, {
        all: envKeys.parameters.all.parse('URL|OTHER_URL,REF|PROJECT_REF,KEY'),
      })
      isVerdict(missing, 'fail', /REF or PROJECT_REF, KEY/)
      assert.not.ok(JSON.stringify(missing).includes('tres-secret'))
      // The runbook names none: those that postgate.yaml names are.
      isVerdict(
        await envKeys.judge(context, {all: undefined}),
        'pass',
        /not applicable: postgate.yaml names no/,
      )
      const defines = {A: 'OTHER_URL', B: 'MISSING_KEY', C: {value: 'constant'}}
      const settings = {
        ...context.settings(),
        defines,
        database: {url: 'URL', ref: 'REF|OTHER_URL'},
      }
      const named = Object.assign(context, {settings: () => settings})
      isVerdict(
        await envKeys.judge(named, {all: undefined}),
        'fail',
        /without a value: URL, MISSING_KEY$/,
      )
    } finally {
      folder.remove()
    }
  },
)

const details = {
  reason: 'Le métier attend le bilan de janvier',
  scope: 's',
  responsible: 'Claire Moreau',
  planned: 'A',
  plannedDate: '',
  review: '',
  exitCriteria: '',
  tag: null,
}
const freezeRun = (result: 'succeeded' | 'aborted' | 'exited', at: string) =>
  recordOf(
    journal(at, [
      started('freeze', {run: `freeze-${at}`, kind: result === 'exited' ? 'exit' : 'scenario'}),
      fact('freeze', details),
    ]),
    result,
  )

prerequisites(
  'a freeze that holds fails with its reason; one that was left or abandoned does not',
  async () => {
    const frozen = freezeRun('succeeded', '2026-01-20T10:00:00Z')
    const left = freezeRun('exited', '2026-01-21T10:00:00Z')
    const abandoned = freezeRun('aborted', '2026-01-22T10:00:00Z')
    isVerdict(await notFrozen.judge(contextOf({records: [frozen]}), {}), 'fail', /bilan de janvier/)
    isVerdict(
      await notFrozen.judge(contextOf({records: [frozen, left, abandoned]}), {}),
      'pass',
      /no active/,
    )
    const again = freezeRun('succeeded', '2026-01-23T10:00:00Z')
    isVerdict(
      await notFrozen.judge(contextOf({records: [frozen, left, again]}), {}),
      'fail',
      /2026-01-23/,
    )
  },
)

prerequisites('with the remote away no freeze is known, and that is unknown', async () => {
  isVerdict(await notFrozen.judge(contextOf({complete: false}), {}), 'unknown', /remote/)
})

const host = (live: object | null, ready: Judgement = pass('ok')) => ({
  adapters: {
    hosting: async () => ({
      product: 'host',
      url: 'https://app.example',
      live: async () => live,
      ready: async () => ready,
    }),
    builder: async () => ({product: 'flutter', ready: async () => pass('3.24')}),
  },
})

prerequisites(
  'the previous deployment passes with its id, and can be attested where there is none',
  async () => {
    const live = {id: 'v12', url: 'https://app.example', version: '1.0', manifest: null, at: null}
    isVerdict(await previousDeployment.judge(contextOf({more: host(live)}), {}), 'pass', /v12/)
    const none = await previousDeployment.judge(contextOf({more: host(null)}), {})
    assert.is(none.verdict, 'unknown')
    assert.ok(none.attestable)
  },
)

prerequisites(
  'the fallback of a first release stays a person’s word, also once the run itself is live',
  async () => {
    const live = {id: 'v1', url: 'https://app.example', version: '1.0', manifest: null, at: null}
    const attempted: EventBody = {
      type: 'step-intended',
      ...{phase: 'deployment', step: 'deploy', attempt: 1, effects: []},
    }
    const events = journal('2026-01-23T09:00:00.000Z', [started('production'), attempted])
    const resumed = await previousDeployment.judge(
      contextOf({more: {...host(live), run: () => fold(events)}}),
      {},
    )
    assert.is(resumed.verdict, 'unknown')
    assert.ok(resumed.attestable)
  },
)

prerequisites('a host that does not answer leaves the previous deployment unknown', async () => {
  const away = {
    adapters: {
      hosting: async () => ({
        product: 'host',
        url: 'https://app.example',
        live: async () => {
          throw problem({what: 'no answer', exit: 3})
        },
      }),
    },
  }
  let verdict = 'unknown'
  try {
    verdict = (await previousDeployment.judge(contextOf({more: away}), {})).verdict
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 3)
  }
  assert.is(verdict, 'unknown')
})

prerequisites(
  'tools: one that is not ready fails with what mends it; one that cannot say is unknown',
  async () => {
    isVerdict(await toolsReady.judge(contextOf({more: host(null)}), {}), 'pass', /3\.24/)
    const out = await toolsReady.judge(
      contextOf({more: host(null, fail('signed out', {next: 'host login'}))}),
      {},
    )
    isVerdict(out, 'fail', /signed out/)
    assert.match(inLang(out.next ?? '', 'en'), /host login/)
    isVerdict(
      await toolsReady.judge(contextOf({more: host(null, unknown('no network'))}), {}),
      'unknown',
      /no network/,
    )
  },
)

prerequisites(
  'STAGING that leads to PRODUCTION starts nothing, whatever its tools say',
  async () => {
    const folder = temporaryFolder({'env/.env.staging': 'A=1\n', 'env/.env.production': 'A=2\n'})
    symlinkSync(join(folder.path, 'prod'), join(folder.path, 'staging'))
    const redirecting = await loopbackServer((request, response) => {
      if (request.url === '/staging') response.writeHead(301, {location: '/prod'})
      response.end()
    })
    const environment = (name: string, root: string) => ({
      ...{envFile: `env/.env.${name}`, url: `${redirecting.url}/${root}`},
      hosting: {adapter: 'folder', root},
    })
    const judge = async (check: typeof toolsReady, staging: string, address = staging) => {
      const environments = {
        staging: {...environment('staging', staging), url: `${redirecting.url}/${address}`},
        production: environment('production', 'prod'),
      }
      const project = testProject({environments})
      return check.judge(contextOf({folder, more: {...host(null), project}}), {})
    }
    try {
      for (const check of [toolsReady, environmentsApart])
        isVerdict(
          await judge(check, 'staging', 'other'),
          'fail',
          /the same hosting \(folder\): .*prod/,
        )
      isVerdict(await judge(environmentsApart, 'own', 'staging'), 'fail', /lead to one place/)
      isVerdict(await judge(environmentsApart, 'own'), 'pass', /apart/)
      isVerdict(await judge(toolsReady, 'own'), 'pass', /3\.24/)
      isVerdict(await environmentsApart.judge(contextOf(), {}), 'pass', /no PRODUCTION/)
    } finally {
      await redirecting.close()
      folder.remove()
    }
  },
)

const step = (id: string, verdict: 'pass' | 'fail', attempt = 1): EventBody[] => [
  {type: 'step-intended', phase: 'build', step: id, attempt, effects: []},
  {
    type: 'step-finished',
    phase: 'build',
    step: id,
    attempt,
    verdict,
    observed: `${id} ${verdict}`,
    evidence: [],
    durationMs: 5,
  },
]
const runWith = (...lines: EventBody[]) => {
  const events: Event[] = journal('2026-01-23T09:00:00Z', [started('staging'), ...lines])
  return {run: () => fold(events)}
}
const runbook = {
  path: 'runbooks/staging.md',
  phases: [{items: [{id: 'phase-3/build', kind: 'step', name: 'build'}]}],
}

prerequisites('step-passed: all finished with a pass', async () => {
  const more = {...runWith(...step('build', 'pass'), ...step('artifact-proof', 'pass')), runbook}
  isVerdict(
    await stepPassed.judge(contextOf({more}), {steps: ['build', 'artifact-proof']}),
    'pass',
    /steps passed: build, artifact-proof/,
  )
})

prerequisites('step-passed: one that failed fails, and one that never ran is unknown', async () => {
  const more = {...runWith(...step('build', 'fail')), runbook}
  isVerdict(await stepPassed.judge(contextOf({more}), {steps: ['build']}), 'fail', /build fail/)
  isVerdict(await stepPassed.judge(contextOf({more}), {steps: ['deploy']}), 'unknown', /not run/)
})

prerequisites(
  'step-passed: the last attempt counts, and a person’s word only when it came after it',
  async () => {
    const by = {role: 'QA Lead', name: 'Karim', how: 'declared'} as const
    const word = judged('phase-3/build', 'Build', 'vu avec l’équipe', {by})
    const second = {...runWith(...step('build', 'fail'), ...step('build', 'pass', 2)), runbook}
    assert.is(
      (await stepPassed.judge(contextOf({more: second}), {steps: ['build']})).verdict,
      'pass',
    )
    const after = {...runWith(...step('build', 'fail'), word), runbook}
    isVerdict(
      await stepPassed.judge(contextOf({more: after}), {steps: ['build']}),
      'pass',
      /équipe/,
    )
    const before = {...runWith(word, ...step('build', 'fail', 2)), runbook}
    isVerdict(
      await stepPassed.judge(contextOf({more: before}), {steps: ['build']}),
      'fail',
      /build fail/,
    )
  },
)

prerequisites('step-passed: what did not apply is no obstacle', async () => {
  const skipped = judged('phase-3/build', 'Build', 'rien à bâtir', {verdict: 'not-applicable'})
  const more = {...runWith(skipped), runbook}
  isVerdict(await stepPassed.judge(contextOf({more}), {steps: ['build']}), 'pass', /not applicable/)
})

prerequisites(
  'a watch is stable with figures, unknown without, and not after a trigger',
  async () => {
    const figures = {
      from: '2026-01-23T09:00:00Z',
      to: '2026-01-23T11:00:00Z',
      samples: 700,
      errors: 0,
      coverage: 1,
      p95Ms: 40,
    }
    const good = {...runWith(fact('watch', figures), ...step('watch', 'pass')), runbook}
    isVerdict(await watchStable.judge(contextOf({more: good}), {}), 'pass', /watch pass/)
    const blind = {...runWith(...step('watch', 'pass')), runbook}
    isVerdict(await watchStable.judge(contextOf({more: blind}), {}), 'unknown', /no figures/)
    const fired = runWith(
      fact('watch', figures),
      {type: 'trigger-fired', trigger: 'downtime', item: 'abort/x', observed: 'down'},
      ...step('watch', 'pass'),
    )
    isVerdict(await watchStable.judge(contextOf({more: {...fired, runbook}}), {}), 'fail', /down/)
  },
)

prerequisites.run()
