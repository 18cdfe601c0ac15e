// Goal: what is false is exit 3 and what only people can answer exit 4; all that is missing is named, and
// nothing changes.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import type {Bundle} from '../helpers/bundle-runs.ts'
import {edit, gateOf} from '../helpers/change.ts'
import {refuses, removeBorn} from './refusal.ts'

const blocked = suite('staging, blocked in more ways')

blocked.after(removeBorn)

blocked('an uncommitted change of policy', () =>
  refuses((bundle) => edit(bundle, 'runbooks/staging.md', (text) => `${text}\nUne phrase.\n`), {
    exit: 3,
    says: [/runbooks\/staging\.md/],
  }),
)

blocked('answers for another tag, and answers of the day before yesterday', async () => {
  const answers = (change: (text: string) => string) => (bundle: Bundle) =>
    writeFileSync(join(bundle.path, 'a.yaml'), change(readFileSync(bundle.paths.answers, 'utf8')))
  const more = ['--answers', 'a.yaml']
  const other = (text: string) => text.replace(/^tag: .*$/m, 'tag: "prod-ready-2020-01-01"')
  await refuses(answers(other), {exit: 3, more, says: [/prod-ready-2020-01-01/]})
  const old = (text: string) => text.replace(/^date: .*$/m, 'date: "2020-01-01T09:00:00.000Z"')
  await refuses(answers(old), {exit: 3, more, says: [/2020-01-01/]})
})

blocked('a tag that is gone here and on the remote', () =>
  refuses(
    (bundle) => {
      const tag = /prod-ready-[\w-]+/.exec(bundle.read(`docs/${gateOf(bundle)}`))?.[0] ?? ''
      bundle.git('push', '--quiet', '--delete', 'origin', tag)
      bundle.git('tag', '--delete', tag)
    },
    {exit: 3, says: [/- Tag Git présent/]},
  ),
)

blocked('a new line of the runbook is a new gate: it waits for a person', () =>
  refuses(
    ({path}) => {
      const file = join(path, 'runbooks/staging.md')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace(/^- \[ \].*$/m, '$&\n- [ ] **Accord du DBA** : accordé'))
    },
    {exit: 4, says: [/- Accord du DBA/]},
  ),
)

blocked.run()
