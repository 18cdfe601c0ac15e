// The end of a run, however it ended: documents from the journal, one commit, the tag of a success,
// the team told, the record archived and the lease released. Each part can be killed and is safe to repeat.

import {manifestLines} from '../../artifact/manifest.ts'
import {findManifest} from '../../artifact/store.ts'
import {deriveDocuments, previousPaths, runbookData} from '../../derive/derive.ts'
import {chosenNames, documentNames, leftBy} from '../../domain/document-names.ts'
import type {RunResult} from '../../domain/event.ts'
import {factRecorded} from '../../domain/facts.ts'
import {fold} from '../../domain/fold.ts'
import {marked} from '../../domain/mark.ts'
import {recorded} from '../../domain/recorded.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {commitMessage} from '../../domain/views/commit-message.ts'
import type {DocumentNames, ViewInput} from '../../domain/views/input.ts'
import {commitDocuments, type Documents} from '../../store/git/documents-commit.ts'
import {tagOutcome} from '../../store/git/outcome-tag.ts'
import {removeWorktree} from '../../store/git/worktree.ts'
import {headOf, sha256} from '../../store/journal.ts'
import {placesOf} from '../../store/places.ts'
import {screenshotsOf} from '../../store/screenshots.ts'
import {recordKnownChanges} from '../changes.ts'
import {askForMerge, mergeWords} from '../merge-request.ts'
import {archiveRun} from '../opening/live-file.ts'
import type {Running} from '../running.ts'
import type {Session} from '../session.ts'
import {announce} from './notify.ts'

/** Finishes the run with its result. Throws a `Problem` (3) where the remote is away: the same command finishes later. */
export async function finishRun(running: Running, result: RunResult, why: Text): Promise<void> {
  const {session, run} = running
  const {world, terminal} = session
  terminal.heading({fr: 'Documents', en: 'Documents'})
  await recordKnownChanges(running)
  if (run.state().decided === null) run.append({type: 'run-decided', result, why})
  await running.lease.sync(run.journal.text())
  const names = await namesOf(running)
  await commit(running, names)
  await askForMerge(running)
  if (result === 'succeeded' && run.state().tag === null) await tag(running, names)
  const merge = mergeWords(running)
  await announce(running, 'end', {names})
  if (run.state().ended === null) run.append({type: 'run-ended', result})
  await running.lease.release({archive: run.state().run, journal: run.journal.text()})
  archiveRun(session, run.state().run)
  const worktree = recorded(run.state(), 'worktree')
  if (worktree !== undefined)
    await removeWorktree(world.repository, placesOf(world).found(worktree.path))
  tell(session, run.state(), names, {why, merge})
}

/** Chosen once on top of what is there, and journalled: a resume or an audit finds the same. */
async function namesOf({run, session}: Running): Promise<DocumentNames> {
  const {repository} = session.world
  if (recorded(run.state(), 'document-names') !== undefined) return documentNames(run.state())
  const main = await repository.remoteMain()
  const base =
    main === null ? await repository.headCommit() : await repository.fetchCommit(main.sha)
  const taken = new Set(base === null ? [] : await repository.listFiles(base, 'docs'))
  const names = documentNames(run.state(), (path) => taken.has(path))
  run.append(factRecorded('document-names', chosenNames(names)))
  return names
}

async function commit(running: Running, names: DocumentNames): Promise<void> {
  const {session, run} = running
  if (run.state().pushed !== null) return
  const {repository, clock} = session.world
  const committed = await commitDocuments({
    repository,
    run: run.state().run,
    date: clock.now(),
    ...(run.state().started.main !== '' && {since: run.state().started.main}),
    derive: (base) => documentsOn(running, names, base),
  })
  run.append({type: 'documents-committed', commit: committed.commit})
  run.append({type: 'documents-pushed', branch: committed.branch, commit: committed.commit})
  if (!committed.followed.followed && committed.followed.why !== null)
    session.terminal.say(committed.followed.why)
}

/** The documents on top of `base`, derived from the journal as it is, and the journal that ends with their digests. */
async function documentsOn(
  {session, run}: Running,
  names: DocumentNames,
  base: string | null,
): Promise<Documents> {
  const {repository, cache} = session.world
  const previous = new Map<string, string>()
  for (const path of previousPaths(names)) {
    const source = base === null ? null : await repository.showFile(base, path)
    if (source !== null) previous.set(path, source)
  }
  const templates = await session.policy.templates()
  const artifact = recorded(run.state(), 'artifact')
  const manifest =
    artifact === undefined ? null : await findManifest(session.world, artifact.digest)
  const before = withoutWritten(run.journal.events())
  const files = await deriveDocuments({
    events: before,
    runbookSource: session.runbook.source,
    templates: new Map([...templates].map(([name, {source}]) => [`templates/${name}`, source])),
    previous,
    names,
    manifest: manifest === null ? null : manifestLines(manifest.files),
  })
  const pictures = await screenshotsOf(cache, run.state().run)
  const kept = [...pictures].map(([name, bytes]) => [`${names.folder}/${name}`, bytes] as const)
  run.append({
    type: 'documents-written',
    documents: [...files, ...kept].map(([path, bytes]) => ({path, sha256: sha256(bytes)})),
  })
  const journal = run.journal.text()
  const input: ViewInput = {state: fold(before), runbook: runbookData(session.runbook).data, names}
  return {
    files: new Map<string, string | Uint8Array>([
      ...files,
      ...kept,
      [`${names.folder}/journal.jsonl`, journal],
    ]),
    message: commitMessage(input, headOf(journal)),
  }
}

/** What the documents are derived from: the events before the first `documents-written`. */
export function withoutWritten<E extends {readonly type: string}>(
  events: readonly E[],
): readonly E[] {
  const end = events.findIndex(({type}) => type === 'documents-written')
  return end < 0 ? events : events.slice(0, end)
}

async function tag(running: Running, names: DocumentNames): Promise<void> {
  const {session, run} = running
  const {world, checkpoint, scenario} = session
  if (scenario === 'freeze') return // its tag is a step of its own
  const input: ViewInput = {state: run.state(), runbook: runbookData(session.runbook).data, names}
  const {tag: name, object} = await tagOutcome({
    repository: world.repository,
    scenario,
    date: new Date(run.state().decided?.at ?? world.clock.now()),
    commit: checkpoint.commit,
    run: run.state().run,
    message: commitMessage(input, committedHead(running)),
  })
  run.append({type: 'run-tagged', tag: name, object})
}

/** Head of the journal as it was committed: it ends with the last `documents-written`. */
function committedHead({run}: Running) {
  const lines = run.journal.text().split('\n')
  const last = run.journal.events().findLastIndex(({type}) => type === 'documents-written')
  return headOf(`${lines.slice(0, last + 1).join('\n')}\n`)
}

function tell(
  {terminal, world}: Session,
  state: ReturnType<Running['run']['state']>,
  names: DocumentNames,
  {why, merge}: {why: Text; merge: Text | null},
): void {
  const result = state.decided?.result ?? 'aborted'
  const {fr, en} = resultWords[result]
  terminal.heading({
    fr: marked(world.mark, `${fr} : ${inLang(why, 'fr')}`),
    en: marked(world.mark, `${en}: ${inLang(why, 'en')}`),
  })
  const written = leftBy(names)
    .filter(({document}) => document.told)
    .map(({path}) => path)
    .reverse()
  for (const path of written) terminal.say(`  ${path}`)
  if (state.tag !== null) terminal.say({fr: `  tag ${state.tag}`, en: `  tag ${state.tag}`})
  if (merge !== null) terminal.warn(merge)
  const command = recorded(state, 'rollback-command')
  if (result === 'rollback-failed' && command !== undefined) {
    terminal.warn({
      fr: `Le retour n’est pas prouvé. À faire à la main, maintenant, depuis la racine du projet : ${command.command}`,
      en: `The way back is not proven. By hand, now, from the project’s root: ${command.command}`,
    })
  }
  terminal.result('run', {
    run: state.run,
    state: 'ended',
    result,
    why,
    documents: written,
    tag: state.tag,
    merge: recorded(state, 'merge-request') ?? null,
  })
}

const resultWords: Readonly<Record<RunResult, {fr: string; en: string}>> = {
  succeeded: {fr: 'Réussi', en: 'Succeeded'},
  aborted: {fr: 'Abandonné', en: 'Aborted'},
  'rolled-back': {fr: 'Revenu à la version précédente', en: 'Rolled back'},
  'rollback-failed': {fr: 'ROLLBACK NON PROUVÉ', en: 'ROLLBACK NOT PROVEN'},
  'drill-passed': {fr: 'Exercice réussi', en: 'Drill passed'},
  'drill-failed': {fr: 'Exercice échoué', en: 'Drill failed'},
  exited: {fr: 'Fin du gel', en: 'Freeze ended'},
}
