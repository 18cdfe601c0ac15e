// The post-mortem of a red nightly, filled in as far as the CI's runs go. Only its block of facts is
// written anew; what people wrote around it stays.

import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Arguments} from '../../base/arguments.ts'
import {readBlock, replaceBlock} from '../../documents/block.ts'
import {parse} from '../../documents/parse.ts'
import {renderTemplate} from '../../documents/template.ts'
import {problem} from '../../domain/problem.ts'
import {
  firstBadRun,
  type NightlyFacts,
  type NightlyRunFacts,
  nightlyPostMortemView,
} from '../../domain/views/gate.ts'
import {frenchSpaces} from '../../domain/views/typography.ts'
import {readOnlyContext} from '../../run/read-only-context.ts'
import {type Session, sessionOf, type Workspace} from '../../run/session.ts'

const lookBackDays = [30, 90]
const dayMs = 86_400_000

/** Writes or refreshes the document. 0: written, or nothing is red. Throws a `Problem` (3) where the CI cannot be asked. */
export async function nightlyPostMortem(workspace: Workspace, args: Arguments): Promise<number> {
  const session = await sessionOf(workspace, {scenario: 'freeze', phases: [], rollback: null}, args)
  const {terminal} = workspace
  const facts = await factsOf(session)
  const bad = firstBadRun(facts.runs)
  if (bad === undefined) {
    terminal.say({
      fr: 'La nightly est verte : aucun post-mortem à écrire.',
      en: 'The nightly is green: there is no post-mortem to write.',
    })
    terminal.result('gate-nightly', {path: null, firstBad: null, fresh: null})
    return 0
  }
  const {path, fresh} = await write(session, facts, bad)
  terminal.heading(
    fresh
      ? {fr: `Post-mortem préparé : ${path}`, en: `Post-mortem drafted: ${path}`}
      : {fr: `Faits mis à jour : ${path}`, en: `Facts brought up to date: ${path}`},
  )
  terminal.say({
    fr: `  première rouge : ${bad.at} (${bad.sha.slice(0, 7)}) ${bad.link}`,
    en: `  first red: ${bad.at} (${bad.sha.slice(0, 7)}) ${bad.link}`,
  })
  terminal.say({
    fr: '  à compléter : propriétaire, cause, détection, correction et actions, puis committer',
    en: '  to fill in: owner, cause, detection, correction and actions; then commit',
  })
  terminal.result('gate-nightly', {path, firstBad: bad, fresh})
  return 0
}

async function factsOf(session: Session): Promise<NightlyFacts> {
  const {world, checkpoint} = session
  const {branch} = world.repository
  const at = world.clock.now()
  const runs = await runsOf(session, at)
  const bad = firstBadRun(runs)
  const good = runs.find(({conclusion}) => conclusion === 'success')
  const commits = bad === undefined || good === undefined ? null : await between(session, good, bad)
  return {at: at.toISOString(), branch, tag: checkpoint.tag, runs, commits}
}

/** Newest first; further back where no green one is found. */
async function runsOf(session: Session, now: Date): Promise<readonly NightlyRunFacts[]> {
  const {context, close} = await readOnlyContext(session)
  try {
    const ci = await context.adapters.ci()
    if (ci === null) throw noCi()
    let runs: readonly NightlyRunFacts[] = []
    for (const days of lookBackDays) {
      const since = new Date(now.getTime() - days * dayMs)
      const {branch} = session.world.repository
      runs = await ci.nightlyRuns({since, branch, jobs: false})
      if (runs.some(({conclusion}) => conclusion === 'success')) break
    }
    if (runs.every(({conclusion}) => conclusion === null)) throw noRuns(ci.link)
    return runs
  } finally {
    await close()
  }
}

/** Null where the history does not say: a commit is gone, or the clone is cut off. */
async function between({world}: Session, good: NightlyRunFacts, bad: NightlyRunFacts) {
  const {repository} = world
  try {
    await repository.fetchObjects([good.sha, bad.sha])
    if (!(await repository.isAncestor(good.sha, bad.sha))) return null
    return (await repository.commitsBetween(good.sha, bad.sha)).slice(0, 50)
  } catch {
    return null
  }
}

async function write(
  {world, policy}: Session,
  facts: NightlyFacts,
  bad: NightlyRunFacts,
): Promise<{path: string; fresh: boolean}> {
  const template = await policy.file('templates/post-mortem-nightly.md')
  const text = frenchSpaces(
    await renderTemplate(template.source, template.path, nightlyPostMortemView(facts)),
  )
  const base = `docs/POST_MORTEM_NIGHTLY_${bad.at.slice(0, 7).replace('-', '_')}`
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? `${base}.md` : `${base}_${count}.md`
    const absolute = join(world.project, path)
    const there = await readFile(absolute, 'utf8').catch(() => null)
    if (there === null) {
      await writeFile(absolute, text, {flag: 'wx'})
      return {path, fresh: true}
    }
    // Another red time of the same month has a document of its own.
    if (!there.includes('postgate:begin facts') || !mentions(there, bad.id)) continue
    const {content} = readBlock(await parse(text, path), 'facts')
    await writeFile(absolute, replaceBlock(await parse(there, path), 'facts', content))
    return {path, fresh: false}
  }
}

const mentions = (text: string, id: string) =>
  new RegExp(`première rouge[^\\n]*[[/|\\s\`]${id}[\\])\\s|\`]`, 'i').test(text)

const noCi = () =>
  problem({
    what: {fr: 'Le projet ne nomme aucune CI.', en: 'The project names no CI.'},
    next: {
      fr: 'compléter ci dans postgate.yaml, ou écrire le post-mortem à la main',
      en: 'complete ci in postgate.yaml, or write the post-mortem by hand',
    },
    exit: 3,
  })

const noRuns = (link: string) =>
  problem({
    what: {
      fr: 'Aucune nightly planifiée terminée : son état n’est pas connu.',
      en: 'No finished scheduled nightly: its state is not known.',
    },
    why: link,
    next: {fr: 'ouvrir la page de la CI', en: 'open the CI’s page'},
    exit: 3,
  })
