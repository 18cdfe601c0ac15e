// Goal: the worked examples of docs/adding-a-check.md work as they stand, a check, a trigger, a host and a
// document. Method: their blocks, put into a copy where the page says; then each is seen to act.

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
const path = 'docs/adding-a-check.md'
const blocks = fences(await parse(readFileSync(join(root, path), 'utf8'), path))

/** The content of the first block of a language that holds `words`. */
function block(language: string, words: string): string {
  const found = blocks.find((each) => each.language === language && each.content.includes(words))
  if (found === undefined) throw new Error(`no ${language} block with ${words}`)
  return found.content
}

type Copy = ReturnType<typeof bundleCopy>

const example = (title: string, work: (copy: Copy & Tools) => Promise<void>) =>
  page(title, async () => {
    const bundle = bundleCopy()
    try {
      execFileSync('git', ['init', '--quiet', bundle.path])
      await work({...bundle, ...tools(bundle.path)})
    } finally {
      bundle.remove()
    }
  })

interface Tools {
  readonly write: (name: string, text: string) => void
  /** Puts lines behind the first (or every) place of `before`. */
  readonly insert: (name: string, before: string, added: string, all?: boolean) => void
}

const tools = (folder: string): Tools => ({
  write: (name, text) => writeFileSync(join(folder, name), text),
  insert: (name, before, added, all = false) => {
    const text = readFileSync(join(folder, name), 'utf8')
    assert.match(text, before)
    const with_ = () => `${before}\n${added.trimEnd()}\n`
    const now = all ? text.replaceAll(before, with_) : text.replace(before, with_)
    writeFileSync(join(folder, name), now)
  },
})

const catalogue = 'scripts/lib/catalogue.ts'

example('adds a check that blocks', async ({run, write, insert}) => {
  write('scripts/lib/checks/disk-space.ts', block('ts', 'diskSpace = check('))
  insert(catalogue, '  checks: {', block('ts', './checks/disk-space.ts'))
  const item = block('markdown', 'check: disk-space')
  insert('runbooks/staging.md', '### Vérifications pré-déploiement\n', item)
  const lint = await run(['scripts/lint.ts'])
  assert.is(lint.code, 0, lint.stdout + lint.stderr)
  const plan = await run(['scripts/staging.ts', '--sandbox', '--plan', '--lang', 'en'])
  assert.is(plan.code, 3, plan.stdout + plan.stderr)
  assert.match(plan.stdout, /FAILED +Place disponible : \d+ GB free\n.*→ make room/)
})

example('adds a trigger that a run looks at', async ({run, write, insert}) => {
  write('scripts/lib/triggers/disk-full.ts', block('ts', 'diskFull = trigger('))
  insert(catalogue, '  triggers: {', block('ts', './triggers/disk-full.ts'))
  const item = block('markdown', 'trigger: disk-full').replace(
    'megabytes=1',
    'megabytes=1000000000',
  )
  insert('runbooks/staging.md', "## Critères d'abandon\n", item)
  const lint = await run(['scripts/lint.ts'])
  assert.is(lint.code, 0, lint.stdout + lint.stderr)
  const fired = await run(['scripts/staging.ts', '--sandbox', '--lang', 'en'])
  assert.is(fired.code, 1, fired.stdout + fired.stderr)
  assert.match(fired.stdout, /Disque plein : \d+ MB free/)
})

example(
  'adds a host whose commands the runbooks have to authorise',
  async ({run, write, insert}) => {
    write('scripts/lib/adapters/hosting/share.ts', block('ts', 'export function share('))
    insert(catalogue, '  hosting: {', block('ts', './adapters/hosting/share.ts'))
    const unlisted = await run(['scripts/lint.ts', '--lang', 'en'])
    assert.is(unlisted.code, 2, unlisted.stdout + unlisted.stderr)
    assert.match(unlisted.stdout, 'rsync --archive --delete')
    const command = block('bash', 'rsync --archive')
    for (const name of ['staging', 'production'])
      insert(
        `runbooks/${name}.md`,
        'vercel deploy --prebuilt --prod --yes --meta postgate=<message>',
        command,
        true,
      )
    const lint = await run(['scripts/lint.ts', '--lang', 'en'])
    assert.is(lint.code, 0, lint.stdout + lint.stderr)
  },
)

example('adds a document that the audit derives again', async ({run, write, insert}) => {
  write('scripts/lib/domain/views/release-notes.ts', block('ts', 'releaseNotesView(input'))
  write('templates/release-notes.md', block('markdown', 'Nouveautés du'))
  const table = 'scripts/lib/domain/documents.ts'
  insert(
    table,
    'export const documents: readonly RunDocument[] = [',
    block('ts', "'RELEASE_NOTES'"),
  )
  const view = "import {releaseNotesView} from './views/release-notes.ts'"
  insert(table, "import {reportView} from './views/report.ts'", view)
  const plan = await run(['scripts/staging.ts', '--sandbox', '--plan', '--lang', 'en'])
  assert.match(plan.stdout, 'docs/RELEASE_NOTES_')
  const done = await run(['scripts/staging.ts', '--sandbox', '--lang', 'en'])
  assert.is(done.code, 0, done.stdout + done.stderr)
  assert.match(done.stdout, /docs\/RELEASE_NOTES_\d{4}_\d\d_\d\d\.md/)
  const audit = await run(['scripts/audit.ts', '--sandbox', '--lang', 'en'])
  assert.is(audit.code, 0, audit.stdout + audit.stderr)
  const lint = await run(['scripts/lint.ts'])
  assert.is(lint.code, 0, lint.stdout + lint.stderr)
})

page.run()
