// Goal: what lint passes, runs; what would not run, lint finds at its line. Method: the bundle's own
// documents, each spoilt in one place.

import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import type {DocumentError} from '../../scripts/lib/documents/document.ts'
import {openPolicy} from '../../scripts/lib/policy/policy.ts'
import {loadProject} from '../../scripts/lib/policy/project-file.ts'
import {lintAll} from '../../scripts/lib/tools/lint/all.ts'
import {lintEnvironments} from '../../scripts/lib/tools/lint/environments.ts'
import {lintReport} from '../../scripts/lib/tools/lint/report.ts'
import {lintSigners} from '../../scripts/lib/tools/lint/signers.ts'
import {stepCommands} from '../../scripts/lib/tools/lint/step-commands.ts'
import {templateViews} from '../../scripts/lib/tools/lint/templates.ts'
import {figuresIn} from '../../scripts/lib/tools/lint/thresholds.ts'
import {scenarioDefinitions} from '../../scripts/scenarios.ts'

const lint = suite('lint')
const bundle = join(import.meta.dirname, '../..')
const whole = openPolicy({root: bundle, bundle})
const commands = stepCommands(catalogue, null, bundle)

/** Findings of the bundle's documents with one of them spoilt. */
async function spoilt(
  path: string,
  change: (source: string) => string,
): Promise<{found: readonly DocumentError[]; source: string}> {
  const root = await mkdtemp(join(tmpdir(), 'postgate-lint-'))
  try {
    const before = await readFile(join(bundle, path), 'utf8')
    const source = change(before)
    assert.is.not(source, before, 'nothing was spoilt')
    // A project has all of its runbooks and templates, or none.
    for (const folder of ['runbooks', 'templates'])
      await cp(join(bundle, folder), join(root, folder), {recursive: true})
    await writeFile(join(root, path), source)
    const own = openPolicy({root, bundle})
    const name = /^runbooks\/(.*)\.md$/.exec(path)?.[1]
    const {found} = await lintAll({
      // What was not spoilt is parsed once for all tests.
      policy: {...own, runbook: (each) => (each === name ? own : whole).runbook(each)},
      catalogue,
      scenarios: await scenarioDefinitions(),
      commands: await commands,
    })
    return {found, source}
  } finally {
    await rm(root, {recursive: true})
  }
}

const lineOf = (source: string, words: string) =>
  source.slice(0, source.indexOf(words)).split('\n').length

lint('finds nothing in the bundle’s own documents', async () => {
  const {found, files} = await lintAll({
    policy: openPolicy({root: bundle, bundle}),
    catalogue,
    scenarios: await scenarioDefinitions(),
    commands: await commands,
  })
  assert.is(
    lintReport(found, {format: 'text', lang: 'en', files}),
    '16 documents, nothing to mend\n',
  )
})

const cases: readonly [
  what: string,
  path: string,
  from: string | RegExp,
  to: string,
  at: string,
  rule: string,
][] = [
  [
    'an unknown check',
    'runbooks/staging.md',
    'check: gate-complete',
    'check: gate-complet',
    'check: gate-complet',
    'unknown-check',
  ],
  [
    'an unknown trigger',
    'runbooks/production.md',
    'trigger: downtime',
    'trigger: downtimes',
    'trigger: downtimes',
    'unknown-trigger',
  ],
  [
    'an unknown step',
    'runbooks/staging.md',
    'step: deploy ',
    'step: deploi ',
    'step: deploi',
    'unknown-step',
  ],
  [
    'a step without item',
    'runbooks/staging.md',
    /- \[ \].*<!-- step: row-security -->\n/,
    '',
    '## Phase 2',
    'step-without-item',
  ],
  [
    'a form of answer that does not exist',
    'runbooks/production.md',
    'value=window',
    'value=windows',
    'value=windows',
    'parameter',
  ],
  [
    'a time that is no duration',
    'runbooks/production.md',
    'error-logs at=30m',
    'error-logs at=soon',
    'error-logs at=soon',
    'parameter',
  ],
  [
    'a value that is no figure',
    'runbooks/staging.md',
    'cycles=1',
    'cycles=many',
    'cycles=many',
    'parameter',
  ],
  [
    'a parameter that does not exist',
    'runbooks/staging.md',
    'cycles=1',
    'cycle=1',
    'cycle=1',
    'parameter',
  ],
  [
    'words that give another percentage',
    'runbooks/production.md',
    'above=5%',
    'above=3%',
    'above=3%',
    'threshold',
  ],
  [
    'words that give another duration',
    'runbooks/production.md',
    'depuis au moins 48 h',
    'depuis au moins deux jours et 24 h',
    'staging-validated',
    'threshold',
  ],
  [
    'words that give another count',
    'runbooks/production.md',
    'samples=200',
    'samples=100',
    'samples=100',
    'threshold',
  ],
  [
    'a forbidden act',
    'runbooks/staging.md',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\n',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\ngit push --force origin main\n',
    'git push --force',
    'forced-push',
  ],
  [
    'a command that no script runs',
    'runbooks/production.md',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\n',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\nls -l <dossier>\n',
    'ls -l',
    'command-unused',
  ],
  [
    'a program that nobody knows',
    'runbooks/production.md',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\n',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\nfrobnicate <dossier>\n',
    'frobnicate',
    'program-unknown',
  ],
  [
    'a known program in a shape that nobody knows',
    'runbooks/staging.md',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\n',
    'vercel deploy --prebuilt --prod --yes --meta postgate=<message>\nmake SHELL=./x all\n',
    'make SHELL',
    'program-unknown',
  ],
  [
    'a command of a script that is not authorised',
    'runbooks/staging.md',
    /^CONFIRM_STAGING_RESET=.*\n/m,
    '',
    'step: reset-database',
    'command-not-authorised',
  ],
  [
    'a dead link',
    'runbooks/decision.md',
    '## Personnes\n',
    '## Personnes\n\n[voir](nowhere.md)\n',
    '[voir](nowhere.md)',
    'link',
  ],
  [
    'a dead anchor',
    'runbooks/decision.md',
    '## Personnes\n',
    '## Personnes\n\n[voir](#personne)\n',
    '[voir](#personne)',
    'link',
  ],
  [
    'an unknown condition',
    'runbooks/decision.md',
    'check:nightly-green',
    'check:nightly-gren',
    'check:nightly-gren',
    'unknown-check',
  ],
  ['a scenario without authority', 'runbooks/decision.md', /^\| C \|.*\n/m, '', '---', 'authority'],
  [
    'an unknown rule',
    'runbooks/common-rules.md',
    'rule: guard-bypass',
    'rule: guard-bypas',
    'rule: guard-bypas',
    'unknown-rule',
  ],
  [
    'a rule that is missing',
    'runbooks/common-rules.md',
    'rule: guard-bypass',
    'rule: guard-bypas',
    '---',
    'missing-rule',
  ],
  [
    'an answer’s age that is none',
    'runbooks/common-rules.md',
    'max-age=24h',
    'max-age=soon',
    'max-age=soon',
    'parameter',
  ],
  ['an unknown placeholder', 'templates/freeze.md', /\{\{ *tag/, '{{ taag', '{{ taag', 'template'],
  [
    'a risk that names nothing',
    'runbooks/freeze.md',
    'risk: freeze-record, backlog',
    'risk: freeze-recod, backlog',
    'freeze-recod',
    'risk',
  ],
]

for (const [what, path, from, to, at, rule] of cases) {
  lint(`finds ${what}, where it stands`, async () => {
    const {found, source} = await spoilt(path, (text) => text.replace(from, to))
    const own = found.filter(({ruleId}) => ruleId === rule)
    const shown = found.map((each) => `${each.message} [${each.ruleId}]`).join('\n')
    assert.ok(own.length > 0, `no ${rule} in:\n${shown}`)
    assert.ok(
      own.some((each) => each.path.endsWith(path) && each.line === lineOf(source, at)),
      `line ${lineOf(source, at)} wanted:\n${shown}`,
    )
    const english = /\b(the|unknown|known|did you mean|no|which|expected)\b/i
    for (const {reason, note} of found) {
      assert.not.match(`${reason.fr} ${note?.fr ?? ''}`, english)
      assert.is.not(reason.fr, reason.en)
    }
  })
}

lint('finds STAGING and PRODUCTION that are one place, at their lines', async () => {
  const own = `name: essai
builder: {adapter: flutter}
environments:
  staging:
    envFile: env/.env.staging
    url: https://staging.example.org
    hosting: {adapter: folder, root: ./served/}
  production:
    envFile: env/.env.prod
    url: https://app.example.org
    hosting: {adapter: folder, root: other}
`
  const root = await mkdtemp(join(tmpdir(), 'postgate-lint-'))
  const found = async (source: string) => {
    await writeFile(join(root, 'postgate.yaml'), source)
    return lintEnvironments(await loadProject(root), {root, variables: {}})
  }
  try {
    assert.equal(await found(own), [])
    await mkdir(join(root, 'served'))
    await symlink(join(root, 'served'), join(root, 'other'))
    const [hosting, ...others] = await found(own)
    assert.equal(others, [])
    assert.equal(
      [hosting?.path, hosting?.line, hosting?.column, hosting?.ruleId],
      ['postgate.yaml', 11, 5, 'environments-apart'],
    )
    const shared = own.replaceAll('.env.prod', '.env.staging').replaceAll('//app', '//STAGING')
    assert.equal(
      (await found(shared)).map(({line}) => line),
      [9, 10, 11],
    )
  } finally {
    await rm(root, {recursive: true})
  }
})

lint('says what was probably meant', async () => {
  const {found} = await spoilt('runbooks/staging.md', (text) =>
    text.replace('check: not-frozen', 'check: not-forzen'),
  )
  assert.match(found[0]?.reason.en ?? '', 'did you mean "not-frozen"?')
})

lint('reads figures as people write them', () => {
  const shown = (text: string) => figuresIn(text).map(({kind, value}) => [kind, value])
  assert.equal(shown('plus de 5\u202f% dans les 30 premières minutes'), [
    ['percentage', 5],
    ['duration', 1_800_000],
  ])
  assert.equal(shown('au moins deux cycles complets, soit 48 h'), [
    ['duration', 172_800_000],
    ['count', 2],
  ])
  assert.equal(shown('`hours=24`, un cycle, 2026-01-23, phase 3'), [])
})

lint('knows each hosting adapter, and each step that runs a command', async () => {
  const steps = new Set((await commands).map(({step}) => step))
  // Their effects are made in TypeScript: no command to compare.
  const inTypeScript = ['checkpoint', 'freeze-tag', 'notify-team']
  for (const {phases, rollback} of await scenarioDefinitions()) {
    const loaded = await Promise.all(
      [...phases, ...(rollback ? [rollback] : [])].map((load) => load()),
    )
    for (const step of loaded.flatMap((phase) => phase.steps)) {
      if (!('act' in step) || inTypeScript.includes(step.id)) continue
      assert.ok(
        steps.has(step.id),
        `scripts/lib/tools/lint/step-commands.ts does not know ${step.id}`,
      )
    }
  }
  const texts = (await commands).map(({text}) => text).join('\n')
  for (const adapter of Object.keys(catalogue.hosting)) {
    if (adapter !== 'folder') assert.match(texts, `${adapter} `)
  }
})

lint('tries every template of the bundle', async () => {
  const names = [...(await openPolicy({root: bundle, bundle}).templates()).keys()]
  assert.equal(
    names.filter((name) => templateViews[name] === undefined),
    [],
  )
})

lint('tells a forge in its own words, and a machine in JSON', async () => {
  const {found} = await spoilt('runbooks/staging.md', (text) =>
    text.replace('check: not-frozen', 'check: not-forzen'),
  )
  const github = lintReport(found, {format: 'github', lang: 'en', files: 16})
  assert.match(github, /^::error file=runbooks\/staging\.md,line=\d+,col=\d+,title=unknown-check::/)
  const data = JSON.parse(lintReport(found, {format: 'json', lang: 'en', files: 16}))
  assert.is(data.findings[0].rule, 'unknown-check')
  const french = JSON.parse(lintReport(found, {format: 'json', lang: 'fr', files: 16}))
  assert.is(
    french.findings[0].reason,
    'contrôle inconnu « not-forzen » ; vouliez-vous dire « not-frozen » ?',
  )
})

lint('says a phase without heading once, and not each of its commands', async () => {
  const {found} = await spoilt('runbooks/production.md', (text) =>
    text.replace('## Phase 3 :', '## Déploiement :'),
  )
  const rules = found.map(({ruleId}) => ruleId)
  assert.ok(rules.includes('phase'), rules.join(' '))
  assert.not.ok(rules.includes('command-not-authorised'), rules.join(' '))
})

lint('finds a heading that is misspelt, since all below it would count for nothing', async () => {
  for (const [heading, misspelt, meant] of [
    ['## Critères de succès', '## Critères de sucès', 'Critères de succès'],
    ['## Pré-requis', '## Pré-requi', 'Pré-requis'],
    ['## Phase 3 : Build', '## Phas 3 : Build', 'Phase 3'],
  ] as const) {
    const {found, source} = await spoilt('runbooks/staging.md', (text) =>
      text.replace(heading, misspelt),
    )
    const one = found.find(({ruleId}) => ruleId === 'heading')
    assert.is(one?.line, lineOf(source, misspelt), misspelt)
    assert.match(one?.reason.en ?? '', `did you mean "${meant}`)
  }
})

lint(
  'finds an item below a heading that is none of the runbook’s, and a list that is missing',
  async () => {
    const {found, source} = await spoilt('runbooks/staging.md', (text) =>
      text.replace('## Critères de succès', '## Pour finir'),
    )
    assert.ok(
      found.some(({ruleId, reason}) => ruleId === 'unread-item' && /Pour finir/.test(reason.en)),
    )
    assert.ok(found.some(({ruleId}) => ruleId === 'missing-section'))
    assert.match(source, 'Pour finir')
  },
)

lint('says what is meant by a misspelt parameter, file, filter and scenario', async () => {
  for (const [path, right, wrong, words] of [
    [
      'runbooks/staging.md',
      'cycles=1 hours',
      'cyles=1 hours',
      'unknown parameter "cyles"; did you mean "cycles"?',
    ],
    ['runbooks/staging.md', 'cycles=1 hours=24', 'hours=24', 'the parameter "cycles" is missing'],
    [
      'runbooks/staging.md',
      '## Objectif',
      '[x](stagin.md)\n\n## Objectif',
      'did you mean staging.md?',
    ],
    ['templates/freeze.md', '| cell }}', '| cel }}', 'did you mean "cell"?'],
    ['runbooks/staging.md', 'scenario: staging', 'scenario: production', 'is read for "staging"'],
  ] as const) {
    const {found} = await spoilt(path, (text) => text.replace(right, wrong))
    const told = found.map(({reason, note}) => `${reason.en} ${note?.en ?? ''}`)
    assert.is(found.length, 1, told.join('\n'))
    assert.match(told.join('\n'), words)
  }
})

lint('names each line of the lists of keys that is no key', async () => {
  const root = await mkdtemp(join(tmpdir(), 'postgate-lint-'))
  try {
    const key =
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPn2q3Hc8gk3bYpOa0kq0o2mI3X0m0Yq1gq8b1n5YxZ comment'
    await mkdir(join(root, 'runbooks'))
    for (const name of ['decision.md', 'staging.md'])
      await writeFile(
        join(root, 'runbooks', name),
        await readFile(join(bundle, 'runbooks', name), 'utf8'),
      )
    await writeFile(
      join(root, 'runbooks/allowed_signers'),
      `# people\na@example.org ${key}\n\nb@example.org ssh-ed25519 AAAA\nPaul Lemaire\n`,
    )
    await writeFile(join(root, 'runbooks/revoked_signers'), `${key}\na@example.org ${key}\n`)
    const found = await lintSigners(openPolicy({root, bundle}))
    assert.equal(
      found.map(({path, line}) => `${path}:${line}`),
      ['runbooks/allowed_signers:4', 'runbooks/allowed_signers:5', 'runbooks/revoked_signers:2'],
    )
  } finally {
    await rm(root, {recursive: true})
  }
})

lint.run()
