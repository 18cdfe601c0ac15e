// Goal: the one-shot validation is never green when something failed or is not known, whatever the commands
// of postgate.yaml print, and it says all in one table.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {jsonOutputs} from '../../scripts/lib/domain/json-outputs.ts'
import {validateOnce} from '../../scripts/lib/tools/one-shot/one-shot.ts'
import {runHere} from '../helpers/bundle.ts'
import {type ProjectGiven, type ReleaseProject, releaseProject} from '../helpers/release-project.ts'
import {tool} from '../helpers/tool.ts'

const oneShot = suite('one-shot')

async function inProject(
  validation: NonNullable<ProjectGiven['validation']>,
  use: (project: ReleaseProject) => Promise<void>,
): Promise<void> {
  const project = await releaseProject({validation})
  try {
    project.nightly([{conclusion: 'success'}])
    project.commit({
      'docs/RELEASE_GATE_2026_01.md': `**Tag** : \`${project.tag}\`\n**Commit** : \`${project.code}\`\n\n## 4. C\n\n- [x] a\n`,
    })
    project.push()
    await use(project)
  } finally {
    await project.close()
  }
}

interface Row {
  readonly part: string
  readonly title: string
  readonly verdict: string
  readonly observed: string | {fr: string}
}

async function table({clone}: ReleaseProject) {
  const told = await tool(clone, validateOnce)
  const {rows, green, exit}: {rows: Row[]; green: boolean; exit: number} = told.result
  assert.is(told.exit, exit)
  assert.is(green, exit === 0)
  return {...told, rows}
}

oneShot('is green when everything holds, and ran in the checkpoint', () =>
  inProject(
    [
      {title: 'Code du tag', run: 'grep -qx two lib/app.js'},
      {title: 'Écrit', run: 'touch made-by-a-check'},
    ],
    async (project) => {
      const {exit, rows, said} = await table(project)
      assert.is(exit, 0, said)
      assert.equal(
        rows.map(({part}) => part).filter((part) => part === 'checks'),
        ['checks', 'checks'],
      )
      for (const title of ['Release Gate validé', 'Tag Git présent', 'CI Nightly verte'])
        assert.ok(
          rows.some((row) => row.title === title && row.verdict === 'pass'),
          title,
        )
      assert.ok(rows.some(({title}) => title === 'Branche jamais réécrite'))
      assert.not.ok(existsSync(join(project.clone, 'made-by-a-check')))
      assert.is(project.git(['worktree', 'list']).split('\n').length, 1)
    },
  ),
)

oneShot('a failed check is never green, the others run all the same, the flaky ones last', () =>
  inProject(
    [
      {title: 'Parfois', run: 'true', flaky: true},
      {title: 'Ment', run: 'node tool.js'},
      {title: 'Après', run: 'true'},
    ],
    async (project) => {
      const {exit, rows, said} = await table(project)
      assert.is(exit, 3)
      assert.equal(
        rows.slice(0, 3).map(({title, verdict}) => [title, verdict]),
        [
          ['Ment', 'fail'],
          ['Après', 'pass'],
          ['Parfois', 'pass'],
        ],
      )
      assert.match(said, /Cannot find module/)
    },
  ),
)

oneShot('a flaky check that failed is not green either', () =>
  inProject([{title: 'Parfois', run: 'false', flaky: true}], async (project) => {
    const {exit, rows} = await table(project)
    assert.is(exit, 3)
    assert.equal([rows[0]?.part, rows[0]?.verdict], ['flaky', 'fail'])
  }),
)

oneShot('nothing to run, forbidden words or uncommitted commands prove nothing', async () => {
  await inProject([], async (project) => {
    const {exit, rows} = await table(project)
    assert.is(exit, 3)
    assert.is(rows[0]?.verdict, 'unknown')
  })
  const push = {title: 'Pousse', run: 'git push --force origin main'}
  await inProject([push], async (project) => {
    const {exit, rows} = await table(project)
    assert.is(exit, 3)
    assert.is(rows[0]?.verdict, 'unknown')
    const path = join(project.clone, 'postgate.yaml')
    project.write({
      'postgate.yaml': readFileSync(path, 'utf8').replace(push.run, 'touch /nowhere/x'),
    })
    assert.match(JSON.stringify((await table(project)).rows[0]), /n’est pas committé tel quel/)
  })
})

oneShot('an open gate, a red nightly, drift and a missing env key each have their line', () =>
  inProject([{title: 'Oui', run: 'true'}], async (project) => {
    project.nightly([{conclusion: 'failure'}])
    const gate = 'docs/RELEASE_GATE_2026_01.md'
    const text = readFileSync(join(project.clone, gate), 'utf8')
    project.commit({[gate]: text.replace('[x]', '[ ]'), 'lib/app.js': 'late\n'}, 'Late code')
    project.push()
    project.write({'env/.env.staging': 'STAGING_DB_URL=x\n'})
    const {exit, rows} = await table(project)
    assert.is(exit, 3)
    const bad = rows.filter(({verdict}) => verdict !== 'pass').map(({title}) => title)
    assert.equal(bad, [
      'Release Gate validé',
      'CI Nightly verte',
      'Code inchangé depuis le tag',
      "Variables d'environnement",
    ])
  }),
)

oneShot('as a command, its exit code is the table’s', () =>
  inProject([{title: 'Non', run: 'false'}], async (project) => {
    const {exit, stdout, said} = await runHere('d1_one_shot.ts', ['--json'], project.clone)
    assert.is(exit, 3, said)
    const {green, rows} = jsonOutputs['one-shot'].schema.parse(JSON.parse(stdout))
    assert.is(green, false)
    assert.ok(rows.some(({title, verdict}) => title === 'Non' && verdict === 'fail'))
  }),
)

oneShot.run()
