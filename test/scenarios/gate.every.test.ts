// Goal: a gate's life: opened for a tag that is on main, told line by line, never
// overwritten; and the post-mortem of a red nightly, which keeps what people wrote.

import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {jsonOutputs} from '../../scripts/lib/domain/json-outputs.ts'
import {checkGate} from '../../scripts/lib/tools/gate/check.ts'
import {nightlyPostMortem} from '../../scripts/lib/tools/gate/nightly.ts'
import {openGate} from '../../scripts/lib/tools/gate/open.ts'
import {runHere} from '../helpers/bundle.ts'
import {type ReleaseProject, releaseProject} from '../helpers/release-project.ts'
import {tool} from '../helpers/tool.ts'

const gate = suite('gate')

async function inProject(use: (project: ReleaseProject) => Promise<void>): Promise<void> {
  const project = await releaseProject()
  try {
    await use(project)
  } finally {
    await project.close()
  }
}

const check = ({clone}: ReleaseProject) => tool(clone, checkGate)
const postMortem = async ({clone}: ReleaseProject) => {
  const told = await tool(clone, nightlyPostMortem)
  if (told.exit === 0) jsonOutputs['gate-nightly'].schema.parse(told.result)
  return told
}
const open = ({clone}: ReleaseProject, tag: string) =>
  tool(clone, (workspace) => openGate(workspace, tag))

const docs = ({clone}: ReleaseProject) =>
  existsSync(join(clone, 'docs')) ? readdirSync(join(clone, 'docs')).sort() : []

gate('is opened for a tag, filled in, checked, and replaced by newer code only', () =>
  inProject(async (project) => {
    const {clone, tag, code, git} = project
    const opened = await open(project, tag)
    assert.is(opened.exit, 0, opened.said)
    const [name = ''] = docs(project)
    assert.match(name, /^RELEASE_GATE_\d{4}_\d{2}\.md$/)
    const path = join(clone, 'docs', name)
    const text = readFileSync(path, 'utf8')
    assert.match(text, new RegExp(`\\*\\*Tag validé\\*\\*\\s: \`${tag}\``))
    assert.match(opened.said, new RegExp(`docs/${name}:\\d+ Tests verts`))
    assert.match(opened.said, new RegExp(` add docs/${name}`))
    assert.is(git(['status', '--porcelain', '--untracked-files=all']), `?? docs/${name}`)

    const empty = await check(project)
    assert.is(empty.exit, 3)
    const {entries, complete} = empty.result
    assert.is(complete, false)
    assert.ok(entries.every(({mark}: {mark: string}) => mark === 'open'))

    project.nightly([{conclusion: 'success'}])
    writeFileSync(path, text.replaceAll('- [ ]', '- [x]'))
    const uncommitted = await check(project)
    assert.is(uncommitted.exit, 3)
    assert.match(uncommitted.said, new RegExp(`Gate committé : .*docs/${name}`))
    git(['add', 'docs'])
    git(['commit', '--quiet', '--message', 'Gate'])
    project.push()
    const full = await check(project)
    assert.is(full.exit, 0, full.said)
    assert.match(full.said, /Tag et commit : prod-ready-1 → /)
    assert.match(full.said, /Nightly, vue par la CI : 1 cycle/)

    // Ticked, and the CI says the contrary.
    project.nightly([{conclusion: 'failure'}])
    assert.is((await check(project)).exit, 3)

    const again = await open(project, tag)
    assert.is(again.exit, 3)
    assert.match(again.said, new RegExp(`existe déjà pour ce mois : docs/${name}`))
    const newer = project.commit({'lib/app.js': 'three\n'}, 'More code')
    git(['tag', 'prod-ready-2', newer])
    project.push()
    git(['push', '--quiet', 'origin', 'prod-ready-2'])
    const drifted = await check(project)
    assert.is(drifted.exit, 3)
    assert.match(drifted.said, /More code/)
    const next = await open(project, 'prod-ready-2')
    assert.is(next.exit, 0, next.said)
    assert.equal(docs(project), [name, name.replace('.md', '_2.md')])
    assert.match(readFileSync(path, 'utf8'), new RegExp(code))
    assert.match((await check(project)).said, /_2\.md · prod-ready-2/)
  }),
)

gate('is not opened for a tag that is missing, unpublished or beside main', () =>
  inProject(async (project) => {
    const {git} = project
    const refused = async (tag: string, why: RegExp) => {
      const {exit, said} = await open(project, tag)
      assert.is(exit, 3, said)
      assert.match(said, why)
      assert.equal(docs(project), [])
    }
    await refused('none', /n’existe pas/)
    git(['tag', 'local', project.code])
    await refused('local', /git push origin refs\/tags\/local/)
    git(['switch', '--quiet', '--create', 'beside'])
    project.commit({'lib/app.js': 'beside\n'})
    git(['tag', 'aside'])
    git(['push', '--quiet', 'origin', 'aside'])
    git(['switch', '--quiet', 'main'])
    await refused('aside', /n’est pas dans l’historique de main/)
  }),
)

gate('that names HEAD, or holds a merge conflict, is told so', () =>
  inProject(async (project) => {
    const text = (commit: string) =>
      `# Gate\n\n**Tag** : \`${project.tag}\`\n**Commit** : ${commit}\n\n## 4. Checklist\n\n| Élément | Statut |\n|---|---|\n| Tests | ✅ |\n| Charge | 🟡 |\n| Accès | |\n`
    const path = 'docs/RELEASE_GATE_2026_01.md'
    project.commit({[path]: text('HEAD')})
    project.push()
    const head = await check(project)
    assert.is(head.exit, 3)
    assert.match(head.said, /« HEAD », qui n’est pas l’identifiant d’un commit/)
    assert.match(head.said, /pass 10 · Tests/)
    assert.match(head.said, /unknown 11 · Charge : incertain.*🟡/)
    assert.match(head.said, /unknown 12 · Accès : ouvert/)
    project.write({[path]: `${text('abc')}<<<<<<< a\n=======\n>>>>>>> b\n`})
    const torn = await check(project)
    assert.is(torn.exit, 2)
    assert.match(torn.said, /RELEASE_GATE_2026_01\.md:13:1.*conflit de fusion/)
  }),
)

gate('a red nightly is written down, and what people add is kept', () =>
  inProject(async (project) => {
    const {clone, code, tag} = project
    project.commit({
      'docs/RELEASE_GATE_2026_01.md': `**Tag** : \`${tag}\`\n**Commit** : \`${code}\`\n\n## 4. C\n\n- [x] a\n`,
    })
    const bad = project.commit({'lib/app.js': 'broken\n'}, 'Break everything')
    project.push()
    project.nightly([{conclusion: 'success'}])
    const green = await postMortem(project)
    assert.is(green.exit, 0, green.said)
    assert.match(green.said, /verte/)
    project.nightly([])
    assert.is((await postMortem(project)).exit, 3)
    project.nightly([
      {conclusion: 'failure', sha: bad},
      {conclusion: 'timed_out', sha: bad},
      {conclusion: 'success'},
    ])
    const red = await postMortem(project)
    assert.is(red.exit, 0, red.said)
    const {path, fresh, firstBad} = red.result
    assert.equal([fresh, firstBad.id], [true, '899'])
    assert.match(path, /^docs\/POST_MORTEM_NIGHTLY_\d{4}_\d{2}\.md$/)
    const text = readFileSync(join(clone, path), 'utf8')
    assert.match(text, /\| Dernière verte \| \[898\]\(https:\S+\) \|[^\n]*success/)
    assert.match(text, /\| Première rouge \| \[899\]\(https:\S+\) \|[^\n]*timed/)
    assert.match(text, /\| La plus récente \| \[900\]/)
    assert.match(text, /2 exécutions/)
    assert.match(text, new RegExp(`- \`${bad.slice(0, 7)}\` Break everything`))
    writeFileSync(join(clone, path), `${text.replace('_à remplir_', 'Amina')}\nÀ garder.\n`)
    project.nightly([
      {conclusion: 'failure', sha: bad},
      {conclusion: 'failure', sha: bad},
      {conclusion: 'success'},
    ])
    const later = await postMortem(project)
    assert.is(later.result.fresh, false)
    const kept = readFileSync(join(clone, path), 'utf8')
    assert.match(kept, /Amina/)
    assert.match(kept, /À garder\.\n$/)
    assert.not.match(kept, /timed/)
  }),
)

gate('as a command, it says how it is used, and answers by its exit code', () =>
  inProject(async (project) => {
    const run = (...args: string[]) => runHere('gate.ts', args, project.clone)
    const help = await run('--help', '--lang', 'en')
    assert.is(help.exit, 0)
    assert.match(help.stdout, /gate open --tag TAG/)
    assert.is((await run('open')).exit, 2)
    const opened = await run('open', '--tag', project.tag, '--json')
    assert.is(opened.exit, 0, opened.said)
    const {tag, toFillIn} = jsonOutputs['gate-open'].schema.parse(JSON.parse(opened.stdout))
    assert.is(tag, project.tag)
    assert.ok(toFillIn.length > 0)
  }),
)

gate.run()
