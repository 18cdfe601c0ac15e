// A project whose history holds a real recorded run: journal, derived documents, commit, tag and full
// record, made by the engine's own functions.

import {cpSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {derive, previousPaths, runbookData} from '../../../../scripts/lib/derive/derive.ts'
import {documentNames} from '../../../../scripts/lib/domain/document-names.ts'
import type {Event} from '../../../../scripts/lib/domain/event.ts'
import {fold} from '../../../../scripts/lib/domain/fold.ts'
import {commitMessage} from '../../../../scripts/lib/domain/views/commit-message.ts'
import {openPolicy} from '../../../../scripts/lib/policy/policy.ts'
import {readRunbook} from '../../../../scripts/lib/policy/runbook.ts'
import {commitDocuments} from '../../../../scripts/lib/store/git/documents-commit.ts'
import {writeCommit, writeFlatTree} from '../../../../scripts/lib/store/git/objects.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {tagOutcome} from '../../../../scripts/lib/store/git/outcome-tag.ts'
import {refStore} from '../../../../scripts/lib/store/git/ref-store.ts'
import {headOf, openJournal, sha256} from '../../../../scripts/lib/store/journal.ts'
import {type Audit, audit} from '../../../../scripts/lib/tools/audit/audit.ts'
import {
  checkpointTag,
  recordedManifest,
  recordedRunbook,
} from '../../../helpers/recorded-runbook.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../../helpers/repository.ts'
import {stagingSuccess} from '../../run/story.ts'

const bundle = join(import.meta.dirname, '../../../..')
const templates = Object.fromEntries(
  readdirSync(join(bundle, 'templates')).map((name) => [
    `templates/${name}`,
    readFileSync(join(bundle, 'templates', name), 'utf8'),
  ]),
)

export const gatePath = 'docs/RELEASE_GATE_2026_01.md'

const gate = `# Release Gate

## Historique des validations

| Date | Tag | Commit | Validateur | Décision | Notes |
|------|-----|--------|------------|----------|-------|

## Suite
`
/** A remote and a clone of it with policy and a checkpoint. */
export function project(more: Readonly<Record<string, string>> = {}): TestRepository {
  const runbooks = ['staging', 'production', 'freeze'].map((name) => [
    `runbooks/${name}.md`,
    recordedRunbook,
  ])
  const test = testRepository({
    ...templates,
    ...Object.fromEntries(runbooks),
    [gatePath]: gate,
    'CHANGELOG.md': '# Changelog\n\nDe nos mains.\n',
    ...more,
  })
  test.git(['tag', '--annotate', '--message', 'green', checkpointTag])
  test.git(['push', '--quiet', 'origin', checkpointTag])
  return test
}

export interface RecordedRun {
  readonly run: string
  readonly journal: string
  readonly commit: string
  readonly tag: string | null
  readonly report: string
  readonly names: ReturnType<typeof documentNames>
}

/** Replays a story as a run of this project, from its first event to the full record. */
export async function recordRun(
  test: TestRepository,
  story: readonly Event[],
  options: {
    bundle?: string
    lostTemplate?: string
    approval?: unknown
    /** The documents came from other views: this word stood where now that one stands. */
    views?: readonly [word: string, then: string]
  } = {},
): Promise<RecordedRun> {
  const repository = await openRepository(test.clone, {environment: gitEnvironment})
  const tag = await repository.resolveTag(checkpointTag)
  const base = await repository.headCommit()
  if (tag === null || base === null) throw new Error('no checkpoint')
  let now = ''
  const journal = openJournal(join(test.folder, `live-${test.git(['rev-parse', 'HEAD'])}`), () => {
    return new Date(now)
  })
  let release: string | null = null
  for (const {v, seq, prev, at, ...body} of story) {
    now = at
    if (body.type === 'run-started') {
      const path = `runbooks/${body.scenario}.md`
      const source = readFileSync(join(test.clone, path), 'utf8')
      journal.append({
        ...body,
        bundle: options.bundle ?? '1.0.0',
        main: base,
        checkpoint: {tag: checkpointTag, tagObject: tag.object, commit: tag.commit},
        runbook: {path, sha256: (await readRunbook(source, path)).sha256},
        templates: Object.entries(templates).map(([name, text]) => ({
          path: name,
          sha256: name === options.lostTemplate ? '0'.repeat(64) : sha256(text),
        })),
      })
      continue
    }
    // The told approval is no real one: a test that wants one signs it.
    if (body.type === 'fact-recorded' && body.name === 'approval') {
      const {approval} = options
      if (approval !== undefined) journal.append({...body, value: approval})
      continue
    }
    if (body.type === 'fact-recorded' && body.name === 'backlog') {
      const {tag: name} = await tagOutcome({
        ...{repository, scenario: 'freeze', date: new Date(at), commit: tag.commit},
        run: fold(journal.events()).run,
        message: `Freeze\n\nPostgate-Journal-Head: ${journal.head().hash}\nPostgate-Journal-Events: ${journal.head().count}`,
      })
      release = name
      journal.append({type: 'fact-recorded', name: 'release-tag', value: {tag: name}})
    }
    if (body.type === 'fact-recorded' && body.name === 'artifact')
      journal.append({...body, value: {...Object(body.value), digest: sha256(recordedManifest)}})
    else journal.append(body)
  }
  const state = fold(journal.events())
  const chosen = documentNames(state)
  const {report, postMortem, freeze, backlog} = chosen
  journal.append({
    type: 'fact-recorded',
    name: 'document-names',
    value: {report, postMortem, freeze, backlog},
  })
  const before = fold(journal.events())
  const names = documentNames(before)
  const source = readFileSync(join(test.clone, names.runbook), 'utf8')
  const input = {
    state: before,
    runbook: runbookData(await readRunbook(source, names.runbook)).data,
    names,
  }
  const {commit} = await commitDocuments({
    ...{repository, run: state.run, date: new Date(now)},
    async derive(onto) {
      const previous = new Map<string, string>()
      for (const path of previousPaths(names)) {
        const text = onto === null ? null : await repository.showFile(onto, path)
        if (text !== null) previous.set(path, text)
      }
      const derived = await derive({
        ...{events: before.events, runbookSource: source, previous, names},
        templates: new Map(Object.entries(templates)),
        manifest: state.facts.has('artifact') ? recordedManifest : null,
      })
      const [word, then] = options.views ?? ['', '']
      const documents = new Map(
        [...derived.documents].map(([path, text]) => {
          return [path, path === names.report ? text.replaceAll(word, then) : text]
        }),
      )
      journal.append({
        type: 'documents-written',
        documents: [...documents].map(([path, text]) => ({path, sha256: sha256(text)})),
      })
      return {
        files: new Map([...documents, [`${names.folder}/journal.jsonl`, journal.text()]]),
        message: commitMessage(input, journal.head()),
      }
    },
  })
  const committed = journal.text()
  journal.append({type: 'documents-committed', commit})
  journal.append({type: 'documents-pushed', branch: 'main', commit})
  if (state.decided?.result === 'succeeded' && state.scenario !== 'freeze') {
    const made = await tagOutcome({
      ...{repository, scenario: 'staging', date: new Date(now), commit: tag.commit, run: state.run},
      message: commitMessage(input, headOf(committed)),
    })
    release = made.tag
    journal.append({type: 'run-tagged', tag: made.tag, object: made.object})
  }
  journal.append({type: 'run-ended', result: state.decided?.result ?? 'aborted'})
  const record = await writeCommit({
    git: repository.git,
    tree: await writeFlatTree(repository.git, {'journal.jsonl': journal.text()}),
    parents: [],
    message: 'Record\n',
    date: new Date(now),
    identity: await repository.identity(),
  })
  await refStore(repository).change([
    {ref: `refs/postgate/runs/${state.run}`, from: null, to: record},
  ])
  test.git(['fetch', '--quiet', 'origin'])
  test.git(['merge', '--quiet', '--ff-only', 'origin/main'])
  return {
    ...{run: state.run, journal: `${names.folder}/journal.jsonl`, commit, tag: release, names},
    report: names.report ?? names.freeze ?? '',
  }
}

const templatesOf = new Map<string, Promise<{test: TestRepository; run: RecordedRun}>>()

/** A project of its own with such a run in it: recorded once, then copied. `key` names story and options. */
export async function recordedProject(
  key: string,
  make: (test: TestRepository) => Promise<RecordedRun>,
): Promise<{test: TestRepository; run: RecordedRun}> {
  let kept = templatesOf.get(key)
  if (kept === undefined) {
    const first = project()
    process.on('exit', first.close)
    kept = make(first).then((run) => ({test: first, run}))
    templatesOf.set(key, kept)
  }
  const {test: original, run} = await kept
  const test = testRepository()
  for (const part of ['remote', 'clone'] as const) {
    rmSync(test[part], {recursive: true})
    cpSync(original[part], test[part], {recursive: true, verbatimSymlinks: true})
  }
  test.git(['remote', 'set-url', 'origin', test.remote])
  return {test, run}
}

/** Audits a clone as the command does. */
export async function auditOf(folder: string, run?: string): Promise<Audit> {
  const repository = await openRepository(folder, {environment: gitEnvironment})
  const policy = openPolicy({root: folder, bundle})
  return audit({repository, policy, environment: process.env, bundle: '1.0.0'}, run)
}

/** Each finding in a word: `kind path:line`. */
export async function differences(folder: string): Promise<string[]> {
  const {runs} = await auditOf(folder)
  return runs.flatMap(({findings}) =>
    findings.map(({kind, path, line, commit}) => {
      const at = commit === null ? '' : '@commit'
      return `${kind} ${path.replace(/^docs\/runs\/[^/]+\//, '')}${line === null ? '' : `:${line}`}${at}`
    }),
  )
}

type Trial = (test: TestRepository, run: RecordedRun) => Promise<void>

/** A test of its own copy of a project in which this story's run is recorded. */
export const recorded =
  (work: Trial, story = stagingSuccess, options = {}) =>
  async () => {
    const key = `${story.name} ${JSON.stringify(options)}`
    const {test, run} = await recordedProject(key, (made) => recordRun(made, story(), options))
    try {
      await work(test, run)
    } finally {
      test.close()
    }
  }

/** Changes a file of the clone; throws where that changes nothing. */
export function edit(
  {clone}: TestRepository,
  path: string,
  change: (text: string) => string,
): void {
  const before = readFileSync(join(clone, path), 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path}: the edit changed nothing`)
  writeFileSync(join(clone, path), after)
}
