// docs/examples/: what the sandbox's runs wrote, as a project would have it. Recorded anew by
// `npm run docs -- --examples`; every `npm test` derives it again from its journals.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {type Bundle, bundleCopy} from '../helpers/bundle-runs.ts'
import {root} from './generated.ts'
import {filledIn} from './post-mortem-text.ts'

export const examples = join(root, 'docs/examples')

interface Example {
  readonly args: readonly string[]
  readonly code: number
  /** What the run shows, for the index. */
  readonly title: string
}

const runs: readonly Example[] = [
  {args: ['scripts/staging.ts'], code: 0, title: 'A: STAGING, succeeded'},
  {
    args: ['scripts/staging.ts', '--advance', '48h', '--rollback', 'drill'],
    code: 0,
    title: 'A: rehearsal of the rollback, 48 hours later',
  },
  {
    args: ['scripts/production.ts', '--break', 'errors'],
    code: 1,
    title: 'B: PRODUCTION, too many errors, rolled back by itself',
  },
  {
    args: ['scripts/production.ts'],
    code: 0,
    title: 'B: PRODUCTION again, its cause mended and its post-mortem filled in: succeeded',
  },
  {args: ['scripts/freeze.ts'], code: 0, title: 'C: freeze and backlog'},
]

/** Runs the scenarios in a copy of the bundle, and writes what they left to docs/examples/. */
export async function recordExamples(say: (line: string) => void): Promise<void> {
  const bundle = bundleCopy()
  try {
    const project = bundle.paths.project
    const rows: string[] = []
    const known = new Set<string>()
    for (const {args, code, title} of runs) {
      const ran = await bundle.run([...args, '--sandbox'])
      say(`exit ${ran.code}  ${args.join(' ')}`)
      if (ran.code !== code) throw new Error(`${title}: exit ${ran.code}\n${ran.stdout}`)
      const run = readdirSync(join(project, 'docs/runs')).find((name) => !known.has(name))
      if (run === undefined) throw new Error(`${title}: no record`)
      known.add(run)
      rows.push(rowOf(project, run, title))
      fillIn(bundle)
    }
    rmSync(examples, {recursive: true, force: true})
    mkdirSync(examples, {recursive: true})
    for (const name of ['docs', 'CHANGELOG.md'])
      cpSync(join(project, name), join(examples, name), {recursive: true})
    for (const name of ['staging', 'production', 'freeze'].map((each) => `runbooks/${each}.md`)) {
      mkdirSync(dirname(join(examples, name)), {recursive: true})
      cpSync(join(project, name), join(examples, name))
    }
    writeFileSync(join(examples, 'README.md'), index(rows))
  } finally {
    bundle.remove()
  }
}

/** What a team owes before the next release: its post-mortem, filled in, committed and pushed. */
function fillIn({paths, docs, git}: Bundle): void {
  for (const name of docs().filter((each) => each.startsWith('POST_MORTEM'))) {
    const path = join(paths.project, 'docs', name)
    const text = readFileSync(path, 'utf8')
    if (filledIn(text) === text) continue
    writeFileSync(path, filledIn(text))
    git('add', `docs/${name}`)
    git('commit', '--quiet', '--message', 'Post-mortem rempli')
    git('push', '--quiet', 'origin', 'main')
  }
}

/** Paths of all files under a folder, relative to it. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

function rowOf(project: string, run: string, title: string): string {
  const folder = `docs/runs/${run}`
  const journal = readFileSync(join(project, folder, 'journal.jsonl'), 'utf8')
  const listed = journal
    .split('\n')
    .findLast((line) => line.includes('"type":"documents-written"'))
    ?.matchAll(/"path":"(docs\/[A-Z][^"]*\.md)"/g)
  const own = [...(listed ?? [])].flatMap(([, path = '']) => {
    const label = labels.find(([start]) => path.startsWith(`docs/${start}`))?.[1]
    return label === undefined ? [] : [`[${label}](${path})`]
  })
  const record = ['runbook.md', 'journal.jsonl', 'manifest.sha256']
    .filter((name) => existsSync(join(project, folder, name)))
    .map((name) => `[${name}](${folder}/${name})`)
  return `| ${title} | ${own.join(', ')} | ${record.join(', ')} |`
}

const labels = [
  ['DEPLOYMENT_REPORT', 'report'],
  ['POST_MORTEM', 'post-mortem'],
  ['RELEASE_FREEZE_', 'freeze'],
  ['BACKLOG', 'backlog'],
] as const

const index = (rows: readonly string[]): string =>
  `# Examples

What five runs on the sandbox wrote, as it would lie in a project. Nothing here is real: every document says SANDBOX. The documents are in French, as the runbooks are.

| Run | Documents | Record |
| --- | --- | --- |
${rows.join('\n')}

Written by all of them:

| | |
| --- | --- |
| Ledgers | [STAGING](docs/STAGING_DEPLOYMENTS.md), [PRODUCTION](docs/PROD_DEPLOYMENTS.md), [freezes](docs/RELEASE_FREEZES.md) |
| Changelog | [CHANGELOG.md](CHANGELOG.md) |
| Release Gate, with its history | [gate](${'docs/'}${'GATE'}) |
| Runbooks, with their history | [staging](runbooks/staging.md), [production](runbooks/production.md), [freeze](runbooks/freeze.md) |

Where to look first: the report of the rollback, then its post-mortem. The machine wrote the facts of the post-mortem; the rest was filled in by hand, as a team would.

The runs folders hold a stamped copy of the runbook (each box with its verdict, time, person and observation), the hash-chained journal that everything else is derived from, and the manifest of the artifact. \`npm test\` derives the documents again from the journals and names each difference; \`npm run docs -- --examples\` runs the scenarios anew.
`.replace('docs/GATE', gateName())

function gateName(): string {
  const found = readdirSync(join(examples, 'docs')).find((name) => name.startsWith('RELEASE_GATE'))
  return `docs/${found ?? ''}`
}
