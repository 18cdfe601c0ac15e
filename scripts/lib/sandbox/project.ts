// The sandbox's project as a git repository with a past: a previous release, the checkpoint with its
// tag, then the Release Gate on main, pushed to a bare remote.

import {appendFile, cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {authorEnvironment, git} from './git.ts'
import type {SandboxPaths} from './paths.ts'
import {people, releaseManager} from './people.ts'

const template = join(import.meta.dirname, 'template')
const developer = {name: 'Amina Diallo', email: 'amina.diallo@sandbox.example'}

/** What came after the first release: written by a later commit. */
const later: readonly string[] = [
  'lib/modules/receptions.dart',
  'postgate.yaml',
  'docs/RELEASE_GATE.md',
]

export interface Story {
  readonly birth: Date
  readonly tag: string
  readonly previousTag: string
  readonly previousDate: Date
  /** Commit times of the code, oldest first; the last one is the checkpoint's. */
  readonly commits: readonly [Date, Date, Date]
}

/** Dates and names that lead to a gate on the morning of the sandbox's birth. */
export function storyOf(birth: Date): Story {
  const before = (days: number, hours: number) =>
    new Date(birth.getTime() - days * 86_400_000 - hours * 3_600_000)
  const previousDate = before(31, -5)
  const tagOf = (date: Date) => `prod-ready-${date.toISOString().slice(0, 10)}-nightly-green`
  return {
    birth,
    tag: tagOf(birth),
    previousTag: tagOf(previousDate),
    previousDate,
    commits: [before(31, -2), before(6, 2), before(3, 5)],
  }
}

/** The first release: its sources, committed and tagged in the clone. Answers its commit. */
export async function firstCommit(paths: SandboxPaths, story: Story): Promise<string> {
  const {project, remote} = paths
  await mkdir(project, {recursive: true})
  await git(paths.root, ['init', '--quiet', '--bare', '--initial-branch=main', remote])
  await git(project, ['init', '--quiet', '--initial-branch=main'])
  await appendFile(join(project, '.git/config'), settings)
  await appendFile(join(remote, 'config'), '[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n')
  const files = (await filesOf(template)).filter((path) => !later.includes(path))
  for (const path of files) await place(project, path, story)
  await changelogUpTo(project, null)
  const commit = await commitAll(project, 'Commandes et stock : première version', story.commits[0])
  await tag(project, story.previousTag, commit, story.previousDate)
  return commit
}

// Who works here. What a person's own settings say of signing, hooks and line endings stays as it is on a
// real project: a run has to hold under them.
const settings = `[user]
\tname = ${releaseManager.name}
\temail = ${releaseManager.email}
[gc]
\tauto = 0
`

/** Features, then PROD's shape: the checkpoint, with its tag. Answers both commits. */
export async function checkpoint(
  paths: SandboxPaths,
  story: Story,
  shape: string,
): Promise<{feature: string; commit: string}> {
  const {project} = paths
  await place(project, 'lib/modules/receptions.dart', story)
  const main = join(project, 'lib/main.dart')
  const source = await readFile(main, 'utf8')
  await writeFile(
    main,
    source
      .replace(/(import 'modules\/commandes.dart';\n)/, "$1import 'modules/receptions.dart';\n")
      .replace(/( *)('\/stock': .*\n)/, "$1'/receptions': (_) => const ReceptionsPage(),\n$1$2"),
  )
  await place(project, 'CHANGELOG.md', story)
  await changelogUpTo(project, '### Corrigé')
  const feature = await commitAll(
    project,
    'feat(réceptions): saisie d’un bon de livraison (#48)',
    story.commits[1],
  )
  await place(project, 'CHANGELOG.md', story)
  const stock = join(project, 'lib/modules/stock.dart')
  const before = await readFile(stock, 'utf8')
  await writeFile(
    stock,
    before.replace('présent moins réservé.', 'présent moins réservé, une seule fois.'),
  )
  await commitAll(
    project,
    'fix(stock): les quantités réservées ne sont plus comptées deux fois\n\nCloses #51',
    new Date(story.commits[1].getTime() + 20 * 3_600_000),
    people[1],
  )
  await mkdir(join(project, 'database'), {recursive: true})
  await writeFile(join(project, 'database/shape.sql'), shape)
  const commit = await commitAll(
    project,
    'chore: forme de PROD relevée pour le reset de STAGING',
    story.commits[2],
  )
  await tag(project, story.tag, commit, new Date(story.birth.getTime() - 80 * 60_000))
  return {feature, commit}
}

/** The changelog as it was once: without what stands from `heading` on (null: from the start of what is
 * not released) up to the last release. */
async function changelogUpTo(project: string, heading: string | null): Promise<void> {
  const path = join(project, 'CHANGELOG.md')
  const text = await readFile(path, 'utf8')
  const from = text.indexOf(heading ?? '## [Non publié]')
  const to = text.search(/^## \[\d/m)
  await writeFile(path, text.slice(0, from) + text.slice(to))
}

/** The gate, `postgate.yaml` and the policy, after the tag; then everything is pushed. */
export async function gateCommit(
  paths: SandboxPaths,
  story: Story,
  input: {
    commit: string
    finalRemote: string
    ports: Readonly<Record<'apiPort' | 'stagingPort' | 'productionPort', string>>
    policy: ReadonlyMap<string, string>
  },
): Promise<{gate: string}> {
  const {project} = paths
  const month = story.tag.replace(/^prod-ready-(\d{4})-(\d{2}).*$/, '$1_$2')
  const gate = `docs/RELEASE_GATE_${month}.md`
  const words = {commit: input.commit, commitShort: input.commit.slice(0, 7), ...input.ports}
  await place(project, 'docs/RELEASE_GATE.md', story, {as: gate, words})
  await place(project, 'postgate.yaml', story, {words})
  for (const [path, text] of input.policy) await write(project, path, text)
  const at = new Date(story.birth.getTime() - 45 * 60_000)
  await commitAll(project, 'Release Gate validé', at, people[0])
  await git(project, ['push', '--quiet', '--no-verify', paths.remote, 'main', '--tags'])
  await git(project, ['remote', 'add', 'origin', input.finalRemote])
  await git(project, ['update-ref', 'refs/remotes/origin/main', 'main'])
  await git(project, ['config', 'branch.main.remote', 'origin'])
  await git(project, ['config', 'branch.main.merge', 'refs/heads/main'])
  return {gate}
}

async function commitAll(
  project: string,
  message: string,
  at: Date,
  author: {name: string; email: string} = developer,
): Promise<string> {
  await git(project, ['add', '--all'])
  await git(project, ['commit', '--quiet', '--no-verify', '-m', message], {
    env: authorEnvironment(author, at),
  })
  return git(project, ['rev-parse', 'HEAD'])
}

const tag = (project: string, name: string, commit: string, at: Date) =>
  git(project, ['tag', '--annotate', '-m', `SANDBOX ${name}`, name, commit], {
    env: authorEnvironment(releaseManager, at),
  })

/** Copies a file of the template, with its `{{words}}` filled in; bytes stay bytes. */
async function place(
  project: string,
  path: string,
  story: Story,
  {as = path, words = {}}: {as?: string; words?: Readonly<Record<string, string>>} = {},
): Promise<void> {
  const from = join(template, path)
  const to = join(project, as === 'gitignore' ? '.gitignore' : as)
  await mkdir(dirname(to), {recursive: true})
  if (path.endsWith('.png')) return cp(from, to)
  const all = {...wordsOf(story), ...words}
  const text = await readFile(from, 'utf8')
  await writeFile(to, filled(text, all))
}

async function write(project: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), {recursive: true})
  await writeFile(join(project, path), text)
}

function wordsOf(story: Story): Record<string, string> {
  const month = new Intl.DateTimeFormat('fr', {month: 'long', year: 'numeric', timeZone: 'UTC'})
  return {
    tag: story.tag,
    previousTag: story.previousTag,
    date: story.birth.toISOString().slice(0, 10),
    previousDate: story.previousDate.toISOString().slice(0, 10),
    previousVersion: '1.3.0',
    gateMonth: month.format(story.birth),
  }
}

/** Throws on a word that is not known: a half-filled template would be committed otherwise. */
function filled(text: string, words: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const word = words[name]
    if (word === undefined) throw new Error(`the template's word {{${name}}} is not known`)
    return word
  })
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
