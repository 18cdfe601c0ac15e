// Goal: the worked example of docs/adding-a-check.md works as it stands. Method: its three blocks, put into a
// copy where the page says; then the item is seen to block.

import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {fences} from '../../scripts/lib/documents/fences.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {bundleCopy} from '../helpers/bundle-runs.ts'
import {root} from './generated.ts'

const page = suite('docs/adding-a-check.md')

page('adds a check that blocks', async () => {
  const path = 'docs/adding-a-check.md'
  const blocks = fences(await parse(readFileSync(join(root, path), 'utf8'), path))
  const [file = '', line = ''] = blocks
    .filter(({language}) => language === 'ts')
    .map(({content}) => content)
  const item = blocks.find(({language}) => language === 'markdown')?.content ?? ''
  const bundle = bundleCopy()
  const edit = (name: string, before: string, added: string) => {
    const text = readFileSync(join(bundle.path, name), 'utf8')
    assert.match(text, before)
    writeFileSync(join(bundle.path, name), text.replace(before, `${before}\n${added.trimEnd()}\n`))
  }
  try {
    execFileSync('git', ['init', '--quiet', bundle.path])
    writeFileSync(join(bundle.path, 'scripts/lib/checks/disk-space.ts'), file)
    edit('scripts/lib/catalogue.ts', '  checks: {', line)
    edit('runbooks/staging.md', '### Vérifications pré-déploiement\n', item)

    const lint = await bundle.run(['scripts/lint.ts'])
    assert.is(lint.code, 0, lint.stdout + lint.stderr)
    const plan = await bundle.run(['scripts/staging.ts', '--sandbox', '--plan', '--lang', 'en'])
    assert.is(plan.code, 3, plan.stdout + plan.stderr)
    assert.match(plan.stdout, /FAILED +Place disponible : \d+ GB free\n.*→ make room/)
  } finally {
    bundle.remove()
  }
})

page.run()
