// A project with many recorded runs, as years of releases leave them: its own runbooks, the bundle's
// templates, a ledger, a changelog and a runbook history that grow by a row or an entry a run; a commit,
// an outcome tag and a full record for each. Written by one `git fast-import`.

import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Event, EventBody} from '../../scripts/lib/domain/event.ts'
import {headOf, sha256} from '../../scripts/lib/store/journal.ts'
import {checkpointTag, recordedManifest, recordedRunbook} from '../helpers/recorded-runbook.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../helpers/repository.ts'
import {stagingSuccess} from '../lib/run/story.ts'
import {root} from './measure.ts'

export const templatesOf = (build: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(build, 'templates'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => [`templates/${name}`, readFileSync(join(build, 'templates', name), 'utf8')]),
  )

/** What a build writes of a run: another version of it may say the same in other words. */
async function writerOf(build: string) {
  const lib = join(build, 'scripts/lib')
  const deriving: typeof import('../../scripts/lib/derive/derive.ts') = await import(
    join(lib, 'derive/derive.ts')
  )
  const naming: typeof import('../../scripts/lib/domain/document-names.ts') = await import(
    join(lib, 'domain/document-names.ts')
  )
  const folding: typeof import('../../scripts/lib/domain/fold.ts') = await import(
    join(lib, 'domain/fold.ts')
  )
  const commits: typeof import('../../scripts/lib/domain/views/commit-message.ts') = await import(
    join(lib, 'domain/views/commit-message.ts')
  )
  const runbooks: typeof import('../../scripts/lib/policy/runbook.ts') = await import(
    join(lib, 'policy/runbook.ts')
  )
  return {
    ...{derive: deriving.derive, previousPaths: deriving.previousPaths},
    ...{runbookData: deriving.runbookData, documentNames: naming.documentNames},
    ...{fold: folding.fold, commitMessage: commits.commitMessage},
    ...{readRunbook: runbooks.readRunbook, templates: templatesOf(build)},
  }
}

type Writer = Awaited<ReturnType<typeof writerOf>>

const runbookPath = 'runbooks/staging.md'
const project = `name: Comptoir
builder: {adapter: command, run: "true", output: dist, entries: [index.html]}
environments:
  staging: {envFile: env/.env.staging, url: "http://127.0.0.1:1", hosting: {adapter: folder, root: site}}
`

/** One run a day: outcome tags bear a date. `build` is whose documents they are. Close it with `close`. */
export async function projectWithRecordedRuns(
  runs: number,
  build: string = root,
): Promise<TestRepository> {
  const writer = await writerOf(build)
  const repository = testRepository({
    'postgate.yaml': project,
    [runbookPath]: recordedRunbook,
    'CHANGELOG.md': '# Changelog\n\nDe nos mains.\n',
  })
  repository.git(['tag', '--annotate', '--message', 'green', checkpointTag])
  repository.git(['push', '--quiet', 'origin', checkpointTag])
  const tag = {
    object: repository.git(['rev-parse', checkpointTag]),
    commit: repository.git(['rev-parse', `${checkpointTag}^{commit}`]),
  }
  const files = new Map(
    [runbookPath, 'CHANGELOG.md'].map((path) => [
      path,
      readFileSync(join(repository.clone, path), 'utf8'),
    ]),
  )
  const {sha256: digest} = await writer.readRunbook(recordedRunbook, runbookPath)
  const importing = spawn('git', ['fast-import', '--quiet'], {
    cwd: repository.remote,
    env: gitEnvironment,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const write = async (text: string) => {
    if (!importing.stdin.write(text)) await once(importing.stdin, 'drain')
  }
  for (let index = 0; index < runs; index += 1) {
    const written = await recordedRun(index, {files, tag, digest, writer})
    for (const [path, text] of written.files) files.set(path, text)
    await write(importOf(index, written, tag))
    for (const path of [...files.keys()])
      if (path.startsWith('docs/runs/') || /_REPORT_/.test(path)) files.delete(path)
  }
  importing.stdin.end('done\n')
  const [code] = await once(importing, 'close')
  if (code !== 0) throw new Error(`git fast-import: exit ${code}`)
  repository.git(['fetch', '--quiet', '--tags', 'origin'])
  repository.git(['merge', '--quiet', '--ff-only', 'origin/main'])
  execFileSync('git', ['repack', '-adq'], {cwd: repository.clone, env: gitEnvironment})
  return repository
}

interface Tag {
  readonly object: string
  readonly commit: string
}

interface Written {
  readonly run: string
  readonly day: string
  /** Seconds since 1970 at the end. */
  readonly at: number
  readonly files: ReadonlyMap<string, string>
  readonly message: string
  readonly journal: string
}

async function recordedRun(
  index: number,
  on: {
    readonly files: ReadonlyMap<string, string>
    readonly tag: Tag
    readonly digest: string
    readonly writer: Writer
  },
): Promise<Written> {
  const {derive, documentNames, fold, previousPaths, readRunbook, runbookData, templates} =
    on.writer
  const day = new Date(Date.UTC(2015, 0, 1) + index * 86_400_000).toISOString().slice(0, 10)
  const told = JSON.stringify(stagingSuccess())
    .replaceAll('2026-01-23T', `${day}T`)
    .replaceAll('20260123-', `${day.replaceAll('-', '')}-`)
  const story: Event[] = JSON.parse(told)
  const lines: Event[] = []
  let text = ''
  const append = (body: EventBody, at: string) => {
    const prev = headOf(text.slice(text.lastIndexOf('\n', text.length - 2) + 1)).hash
    const event: Event = {v: 1, seq: lines.length + 1, at, prev, ...body}
    lines.push(event)
    text += `${JSON.stringify(event)}\n`
  }
  let last = ''
  for (const {v, seq, prev, at, ...body} of story) {
    last = at
    if (body.type === 'run-started')
      append(
        {
          ...body,
          main: on.tag.commit,
          checkpoint: {tag: checkpointTag, tagObject: on.tag.object, commit: on.tag.commit},
          gate: {path: 'docs/RELEASE_GATE.md', sha256: 'a'.repeat(64)},
          runbook: {path: runbookPath, sha256: on.digest},
          templates: [...templates].map(([path, source]) => ({path, sha256: sha256(source)})),
        },
        at,
      )
    else if (body.type === 'fact-recorded' && body.name === 'artifact')
      append({...body, value: {...Object(body.value), digest: sha256(recordedManifest)}}, at)
    else append(body, at)
  }
  const chosen = documentNames(fold(lines))
  append(
    {
      type: 'fact-recorded',
      name: 'document-names',
      value: {
        report: `docs/DEPLOYMENT_REPORT_${day.replaceAll('-', '_')}.md`,
        postMortem: null,
        freeze: null,
        backlog: null,
      },
    },
    last,
  )
  const state = fold(lines)
  const names = documentNames(state)
  const source = on.files.get(runbookPath) ?? ''
  const previous = new Map(
    previousPaths(names).flatMap((path): [string, string][] => {
      const there = on.files.get(path)
      return there === undefined ? [] : [[path, there]]
    }),
  )
  const {documents} = await derive({
    ...{
      events: state.events,
      runbookSource: source,
      previous,
      names,
      templates,
      manifest: recordedManifest,
    },
  })
  append(
    {
      type: 'documents-written',
      documents: [...documents].map(([path, content]) => ({path, sha256: sha256(content)})),
    },
    last,
  )
  const view = {state, runbook: runbookData(await readRunbook(source, runbookPath)).data, names}
  const head = headOf(text)
  const committed = text
  append({type: 'run-ended', result: 'succeeded'}, last)
  return {
    ...{run: state.run, day, at: Math.round(Date.parse(last) / 1_000), journal: text},
    files: new Map([...documents, [`${chosen.folder}/journal.jsonl`, committed]]),
    message: on.writer.commitMessage(view, head),
  }
}

function importOf(index: number, written: Written, tag: Tag): string {
  const who = `Bench <bench@localhost> ${written.at} +0000`
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  const from = index === 0 ? 'from refs/heads/main^0\n' : ''
  return [
    `commit refs/heads/main\ncommitter ${who}\n${data(written.message)}${from}`,
    ...[...written.files].map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    `commit refs/postgate/runs/${written.run}\ncommitter ${who}\n${data('Record\n')}`,
    `M 100644 inline journal.jsonl\n${data(written.journal)}`,
    `tag staging-${written.day}\nfrom ${tag.commit}\ntagger ${who}\n${data(written.message)}`,
  ].join('')
}
