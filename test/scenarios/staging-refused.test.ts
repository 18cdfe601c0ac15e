// Goal: what cannot be read (2), what is false (3) and what only people can answer (4) is told as what,
// why and next, and nothing changes. One sandbox; each test changes a copy of it.

import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox, type Ran} from '../helpers/bundle-runs.ts'
import {edit, gateOf, publish, write} from '../helpers/change.ts'

const refused = suite('staging, refused')
const command = ['scripts/staging.ts', '--sandbox']
let born: Bundle | undefined

interface Refusal {
  readonly exit: number
  readonly says: readonly RegExp[]
  readonly more?: readonly string[]
}

/** In a copy that `spoil` made wrong: exit code, words, and nothing left behind. */
async function refuses(spoil: (bundle: Bundle) => void, {exit, says, more = []}: Refusal) {
  born ??= await bundleWithSandbox()
  const bundle = born.copy()
  try {
    spoil(bundle)
    const ran = await bundle.run([...command, ...more])
    told(ran, exit, says)
    leftNothing(bundle)
  } finally {
    bundle.remove()
  }
}

function told(ran: Ran, exit: number, says: readonly RegExp[]): void {
  const words = ran.stdout + ran.stderr
  assert.is(ran.code, exit, words)
  for (const each of says) assert.match(words, each)
  assert.not.match(words, /^\s+at .*\.ts:\d+/m, 'a stack')
}

function leftNothing(bundle: Bundle): void {
  assert.not.ok(existsSync(join(bundle.paths.project, '.git/postgate/live.jsonl')))
  assert.is(bundle.git('ls-remote', 'origin', 'refs/postgate/*'), '')
  assert.is(bundle.docs().filter((name) => /DEPLOY/.test(name)).length, 0)
}

refused('a flag that does not exist, with the way to those that do', () =>
  refuses(() => {}, {exit: 2, more: ['--forse'], says: [/--forse/, /--help/]}),
)

refused('a folder without git, and one without a project', async () => {
  born ??= await bundleWithSandbox()
  const folder = await mkdtemp(join(tmpdir(), 'postgate-bare-'))
  try {
    const nothing = await born.run(['scripts/staging.ts'], {cwd: folder})
    told(nothing, 2, [/postgate\.yaml/, /init\.ts/, /--sandbox/])
    writeFileSync(
      join(folder, 'postgate.yaml'),
      readFileSync(join(born.paths.project, 'postgate.yaml')),
    )
    const noGit = await born.run(['scripts/staging.ts'], {cwd: folder})
    told(noGit, 2, [/git/])
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
})

refused('an unknown check, with its line and column and the legal names', async () => {
  born ??= await bundleWithSandbox()
  const bundle = born.copy()
  try {
    const path = join(bundle.path, 'runbooks/staging.md')
    const lines = readFileSync(path, 'utf8').split('\n')
    const first = lines.findIndex((line) => line.startsWith('- [ ]'))
    lines.splice(first + 1, 0, '- [ ] **Faux** : inconnu <!-- check: no-such-check -->')
    writeFileSync(path, lines.join('\n'))
    const ran = await bundle.run(command)
    told(ran, 2, [new RegExp(`runbooks/staging\\.md:${first + 2}:\\d+`), /no-such-check/])
    leftNothing(bundle)
  } finally {
    bundle.remove()
  }
})

refused('two gates for one month, naming both', () =>
  refuses(
    (bundle) => {
      const gate = gateOf(bundle)
      write(bundle, `docs/${gate.replace('.md', '_v2.md')}`, bundle.read(`docs/${gate}`))
      publish(bundle)
    },
    {exit: 2, says: [/RELEASE_GATE_\d{4}_\d{2}\.md/, /RELEASE_GATE_\d{4}_\d{2}_v2\.md/, /--gate/]},
  ),
)

refused('a gate with the marks of a merge conflict, with its line', () =>
  refuses(
    (bundle) => {
      edit(bundle, `docs/${gateOf(bundle)}`, (text) =>
        text.replace(/^## /m, '<<<<<<< HEAD\n=======\n>>>>>>> other\n## '),
      )
      publish(bundle)
    },
    {exit: 2, says: [/RELEASE_GATE_\d{4}_\d{2}\.md:\d+/]},
  ),
)

refused('an uncommitted change of policy', () =>
  refuses((bundle) => edit(bundle, 'runbooks/staging.md', (text) => `${text}\nUne phrase.\n`), {
    exit: 3,
    says: [/runbooks\/staging\.md/],
  }),
)

refused('answers for another tag, and answers of the day before yesterday', async () => {
  born ??= await bundleWithSandbox()
  const answers = (change: (text: string) => string) => (bundle: Bundle) =>
    writeFileSync(join(bundle.path, 'a.yaml'), change(readFileSync(bundle.paths.answers, 'utf8')))
  const more = ['--answers', 'a.yaml']
  const other = (text: string) => text.replace(/^tag: .*$/m, 'tag: "prod-ready-2020-01-01"')
  await refuses(answers(other), {exit: 3, more, says: [/prod-ready-2020-01-01/]})
  const old = (text: string) => text.replace(/^date: .*$/m, 'date: "2020-01-01T09:00:00.000Z"')
  await refuses(answers(old), {exit: 3, more, says: [/2020-01-01/]})
})

refused('a blocked start names all that is missing', () =>
  refuses(
    (bundle) => {
      edit(bundle, `docs/${gateOf(bundle)}`, (text) => text.replace(/^- \[x\]/m, '- [ ]'))
      publish(bundle)
      edit(bundle, 'env/.env.staging', (text) =>
        text.replace(/^STAGING_PROJECT_REF=.*$/m, 'STAGING_PROJECT_REF='),
      )
    },
    {
      exit: 3,
      more: ['--break', 'nightly'],
      says: [/- Release Gate validé/, /- CI Nightly verte/, /- .*STAGING_PROJECT_REF/],
    },
  ),
)

refused('a tag that is gone here and on the remote', () =>
  refuses(
    (bundle) => {
      const tag = /prod-ready-[\w-]+/.exec(bundle.read(`docs/${gateOf(bundle)}`))?.[0] ?? ''
      bundle.git('push', '--quiet', '--delete', 'origin', tag)
      bundle.git('tag', '--delete', tag)
    },
    {exit: 3, says: [/- Tag Git présent/]},
  ),
)

refused('a new line of the runbook is a new gate: it waits for a person', async () => {
  born ??= await bundleWithSandbox()
  const bundle = born.copy()
  try {
    const path = join(bundle.path, 'runbooks/staging.md')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/^- \[ \].*$/m, '$&\n- [ ] **Accord du DBA** : accordé'))
    const ran = await bundle.run(command)
    told(ran, 4, [/- Accord du DBA/])
    assert.is(bundle.git('ls-remote', 'origin', 'refs/postgate/*'), '')
  } finally {
    bundle.remove()
    born?.remove()
  }
})

refused.run()
