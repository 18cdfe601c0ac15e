// Goal: the guide's answers file and its one-shot checks work as they are shown, and what it says of their keys
// is what is read. Method: the blocks as they stand, read by what reads them in a run.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse, stringify} from 'yaml'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {projectSchema} from '../../scripts/lib/domain/project.ts'
import {authorise} from '../../scripts/lib/guard/authorised/authorised.ts'
import {openPolicy} from '../../scripts/lib/policy/policy.ts'
import {readRunbook} from '../../scripts/lib/policy/runbook.ts'
import {answersFor} from '../../scripts/lib/run/asking/answers-file.ts'
import {temporaryFolder} from '../helpers/folder.ts'
import {root} from './generated.ts'

const guide = suite('answers and checks of the guide')
const text = readFileSync(join(root, 'docs/guide.md'), 'utf8')
const path = 'runbooks/staging.md'
const runbook = await readRunbook(readFileSync(join(root, path), 'utf8'), path)

const section = (heading: string) => text.split(`\n## ${heading}\n`)[1]?.split(/^## /m)[0] ?? ''
const shown = (heading: string) => /^```yaml\n(.*?)^```/ms.exec(section(heading))?.[1] ?? ''
const given = shown('Then: STAGING')

async function answersOf(source: string) {
  const folder = temporaryFolder({'answers.yaml': source})
  const warned: unknown[] = []
  try {
    const answers = await answersFor(
      {
        checkpoint: {tag: 'v1.0.0'},
        world: {clock: {now: () => new Date('2026-01-23T18:00:00Z'), wait: async () => {}}},
        policy: openPolicy({root, bundle: root}),
        runbook,
        terminal: {warn: (words) => void warned.push(words)},
      },
      join(folder.path, 'answers.yaml'),
    )
    return {answers, warned}
  } finally {
    folder.remove()
  }
}

guide('the answers file is accepted, by titles that the runbook has', async () => {
  const {answers, warned} = await answersOf(given)
  assert.equal(warned, [])
  const titles = runbook.items.map(({title}) => title)
  assert.equal(
    answers.keys.map(({key}) => titles.includes(key)),
    [true, true],
  )
  assert.is(answers.confirmation('reset', 'staging'), 'STAGING')
  assert.is(answers.operator.name, 'Claire Moreau')
})

guide('each key that the table names is read, and no other', async () => {
  const item = runbook.items.find(({kind}) => kind === 'attest')
  const by = {role: 'QA Lead', name: 'Karim Haddad'}
  const whole = {
    ...{tag: 'v1.0.0', date: '2026-01-23', operator: by},
    answers: {[item?.id ?? '']: {by, answer: 'not-applicable', observed: 'rien à voir'}},
    confirmations: {reset: 'STAGING'},
  }
  const {answers} = await answersOf(stringify(whole))
  assert.is(answers.of(item ?? {id: '', title: ''})?.answer, 'not-applicable')
  const named = [...section('Then: STAGING').matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key)
  assert.equal(
    named.filter((key) => key !== 'staging' && key !== 'production'),
    Object.keys(whole),
  )
  for (const word of ['role', 'name', 'by', 'answer', 'observed', 'yes', 'no', 'not-applicable'])
    assert.match(section('Then: STAGING'), `\`${word}\``)
  try {
    await answersOf(stringify({...whole, reviewer: by}))
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 2, String(error))
  }
})

guide('the one-shot checks are a project’s, each a command that may run', async () => {
  const {validation} = projectSchema.parse({
    ...{name: 'comptoir', builder: {adapter: 'flutter'}},
    environments: {
      staging: {envFile: 'env', url: 'https://a.example', hosting: {adapter: 'folder', root: 'w'}},
    },
    ...parse(shown('One-shot validation')),
  })
  assert.equal(
    validation.map(({flaky}) => flaky),
    [false, false, true],
  )
  const fences = validation.map(({run}, line) => ({path: 'postgate.yaml', line, text: run}))
  for (const {run} of validation) assert.is((await authorise(run, fences)).ok, true, run)
})

guide.run()
