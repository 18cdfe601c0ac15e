// Goal: what cannot be read is exit 2, told as what, why and next with its place, and nothing changes.

import {readFileSync, writeFileSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import {edit, gateOf, publish, write} from '../helpers/change.ts'
import {bornSandbox, refuses, removeBorn, told} from './refusal.ts'

const refused = suite('staging, refused')

refused.after(removeBorn)

refused('a flag that does not exist, with the way to those that do', () =>
  refuses(() => {}, {exit: 2, more: ['--forse'], says: [/--forse/, /--help/]}),
)

refused('a folder without git, and one without a project', async () => {
  const born = await bornSandbox()
  const folder = await mkdtemp(join(tmpdir(), 'postgate-bare-'))
  try {
    const nothing = await born.run(['scripts/staging.ts'], {cwd: folder})
    told(nothing, 2, [/postgate\.yaml/, /postgate(\.js)? init/, /--sandbox/])
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
  const lines = readFileSync(new URL('../../runbooks/staging.md', import.meta.url), 'utf8').split(
    '\n',
  )
  const first = lines.findIndex((line) => line.startsWith('- [ ]'))
  lines.splice(first + 1, 0, '- [ ] **Faux** : inconnu <!-- check: no-such-check -->')
  const place = new RegExp(`runbooks/staging\\.md:${first + 2}:\\d+`)
  await refuses(({path}) => writeFileSync(join(path, 'runbooks/staging.md'), lines.join('\n')), {
    exit: 2,
    says: [place, /no-such-check/],
  })
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

refused.run()
