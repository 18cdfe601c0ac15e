// Goal: scenario A as people run it, by the real command on a sandbox: it ends well with its documents,
// and the person's own work stays as it was.

import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {edit, write} from '../helpers/change.ts'

const staging = suite('staging')
const command = ['scripts/staging.ts', '--sandbox']
let bundle: Bundle | undefined
const here = async (): Promise<Bundle> => {
  bundle ??= await bundleWithSandbox()
  return bundle
}

staging('ends well, and leaves what the plan asks for in one pushed commit', async () => {
  const {run, git, docs, read} = await here()
  await personWorks(await here())
  const ran = await run(command)
  assert.is(ran.code, 0, ran.stdout + ran.stderr)
  const report = docs().find((name) => /^DEPLOYMENT_REPORT_\d{4}_\d{2}_\d{2}\.md$/.test(name))
  git('fetch', '--quiet', 'origin')
  const changed = git('show', '--name-only', '--format=', 'origin/main').split('\n')
  for (const name of ['CHANGELOG.md', 'docs/STAGING_DEPLOYMENTS.md', 'runbooks/staging.md'])
    assert.ok(changed.includes(name), `${name} in ${changed.join(' ')}`)
  assert.not.ok(
    changed.some((name) => /notes|README|lib\//.test(name)),
    changed.join(' '),
  )
  assert.match(git('tag', '--list', 'staging-*'), /^staging-\d{4}-\d{2}-\d{2}$/)
  const text =
    report === undefined ? git('show', `origin/main:${reportIn(changed)}`) : read(`docs/${report}`)
  assert.match(text, /SANDBOX/)
  assert.match(text, /✅ \*\*Succès\.\*\*/)
  assert.match(
    text,
    /\| Qui a autorisé \| Claire Moreau, Release Manager, a autorisé le déploiement/,
  )
  // Since what the host served before: the commits with their authors and issues, local time beside UTC.
  assert.match(text, /3 commits depuis 2026\.\S+ \(\w{7}\), par Amina Diallo \(2\), Karim Haddad/)
  assert.match(text, /saisie d’un bon de livraison \[\\#48\]\(https:\S+\/issues\/48\), Amina/)
  assert.match(text, /- Stock\s*: les quantités réservées ne sont plus comptées deux fois/)
  assert.match(text, /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \((?:\d{4}-\d\d-\d\d )?\d\d:\d\d\)/)
  personFinds(await here())
})

staging('--plan says that it could start, and writes nothing', async () => {
  const {run, paths} = await here()
  const before = hashes(paths.root)
  const ran = await run([...command, '--plan'])
  assert.is(ran.code, 0, ran.stdout + ran.stderr)
  assert.match(ran.stdout, /reset_staging\.sh/)
  // The checkpoint is live by now.
  assert.match(
    ran.stdout,
    /aucun changement de code : le checkpoint est celui de la version en ligne/,
  )
  assert.equal(hashes(paths.root), before)
})

staging.after(() => bundle?.remove())

/** Staged, unstaged and untracked work on the branch where the documents go. */
async function personWorks(at: Bundle): Promise<void> {
  edit(at, 'README.md', (text) => `${text}\nÀ moitié écrit.\n`)
  at.git('add', 'README.md')
  edit(at, 'README.md', (text) => `${text}\nPas encore ajouté.\n`)
  write(at, 'notes.txt', 'à moi\n')
}

function personFinds({git, read}: Bundle): void {
  assert.is(git('diff', '--cached', '--name-only'), 'README.md')
  assert.match(git('diff', '--cached'), /À moitié écrit/)
  assert.match(git('diff'), /Pas encore ajouté/)
  assert.is(read('notes.txt'), 'à moi\n')
}

const reportIn = (changed: readonly string[]) =>
  changed.find((name) => name.includes('DEPLOYMENT_REPORT')) ?? ''

/** Each file but the database's own. */
function hashes(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(root, {recursive: true, withFileTypes: true})) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !path.startsWith(join(root, 'postgres')))
      found[path] = createHash('sha256').update(readFileSync(path)).digest('hex')
  }
  return found
}

staging.run()
