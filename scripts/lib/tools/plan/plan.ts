// `--plan`: the briefing before a run. Every read-only check really runs; nothing is written, nobody
// is asked, no lease is taken.

import {pasting} from '../../base/called-as.ts'
import {documentNames, leftBy} from '../../domain/document-names.ts'
import {fold} from '../../domain/fold.ts'
import {Problem} from '../../domain/problem.ts'
import {releaseContent} from '../../domain/release-content.ts'
import {inLang, join, type Text} from '../../domain/text.ts'
import {type Judgement, unknown} from '../../domain/verdict.ts'
import {type Effect, effectText} from '../../guard/effect.ts'
import type {Context} from '../../kit/context.ts'
import type {Phase, Step} from '../../kit/definition.ts'
import type {PolicyItem, PolicyPhase} from '../../policy/runbook.ts'
import {judgeChannels} from '../../proofs/notifications.ts'
import {noAnswers} from '../../run/asking/answers.ts'
import {unattendedPrompter} from '../../run/asking/prompt.ts'
import {changesNow} from '../../run/changes.ts'
import {openContext, recordsOf} from '../../run/context-of.ts'
import {type JudgedOutcome, judgeItem} from '../../run/judging/judge.ts'
import {endOfItems} from '../../run/judging/judge-items.ts'
import {dryRunStart} from '../../run/read-only-context.ts'
import type {Session} from '../../run/session.ts'
import {outcomeTagName} from '../../store/git/outcome-tag.ts'
import {proveSigning} from '../../store/git/signing.ts'
import {type AskedItem, askedItems} from './asked.ts'
import {type Plan, type PlannedItem, printPlan} from './briefing.ts'
import {likelyDuration} from './duration.ts'

/** Prints the briefing. 0: could start (attestations listed); 3: blocked. */
export async function planScenario(session: Session): Promise<number> {
  const {plan, asked, role} = await makePlan(session)
  if (session.args.answersTemplate) {
    const {answersTemplate} = await import('./answers-template.ts')
    const confirmations = confirmed(session)
    const command = pasting(session.world)(`npx zx scripts/${session.scenario}.ts --answers FILE`)
    process.stdout.write(await answersTemplate(session, {asked, role, confirmations, command}))
    return 0
  }
  if (session.args.json) session.terminal.result('plan', plan)
  else printPlan(session, plan)
  return plan.exit
}

/** What is typed before which phase. */
const confirmed = ({phases, checkpoint, environment, scenario}: Session) =>
  phases
    .filter(({mode}) => mode === 'EXECUTIVE')
    .map(({id, confirm}) => ({
      phase: id,
      expected: confirm === 'tag' ? checkpoint.tag : (environment ?? scenario).toUpperCase(),
    }))

interface Made {
  readonly plan: Plan
  readonly asked: readonly AskedItem[]
  /** Of the operator, where decision.md names them. */
  readonly role: string
}

async function makePlan(session: Session): Promise<Made> {
  const opened = await openContext({
    session,
    state: () => fold([dryRunStart(session)]),
    mode: 'READ-ONLY',
    fences: session.runbook.phases.flatMap(({fences}) => fences),
    attempt: 1,
    dryRun: true,
    record: async () => {},
    signal: new AbortController().signal,
  })
  const {context} = opened
  try {
    const answers =
      session.args.answers === undefined
        ? noAnswers
        : await (await import('../../run/asking/answers-file.ts')).answersFor(
            session,
            session.args.answers,
          )
    const found: {item: PolicyItem; outcome: JudgedOutcome}[] = []
    for (const item of session.runbook.prerequisites) {
      session.terminal.doing(item.title)
      found.push({
        item,
        outcome: await judgeItem(item, {
          context,
          catalogue: session.catalogue,
          answers,
          prompter: unattendedPrompter,
        }),
      })
    }
    const phases = await Promise.all(
      session.phases.map((phase) => plannedPhase(session, phase, context)),
    )
    const end = endOfItems(found)
    const rehearsal = session.args.rehearse ? await rehearsed(session, context) : null
    const unsigned = await notSigned(session)
    const {origin} = await session.policy.file(`runbooks/${session.scenario}.md`)
    const {path, sha256} = session.runbook
    const asked = await askedItems(session, context, found)
    const {people} = await context.people()
    const changes = await changesNow(session, context)
    const plan: Plan = {
      scenario: session.scenario,
      checkpoint: session.checkpoint,
      runbook: {path, origin, sha256},
      contents: session.environment === null ? null : contentsOf(session, changes),
      prerequisites: [
        ...unsigned,
        ...found.map(({item, outcome}): Plan['prerequisites'][number] => ({
          title: item.title,
          state: outcome.type === 'waiting' ? 'waiting' : outcome.judgement.verdict,
          observed: outcome.judgement.observed,
          next: outcome.judgement.next ?? null,
        })),
      ],
      phases,
      attestations: [
        ...found.filter(({outcome}) => outcome.type === 'waiting').map(({item}) => item.title),
        ...[...session.runbook.phases.flatMap(({items}) => items), ...session.runbook.success]
          // What falls due in the watch is for a person wherever no source answers it.
          .filter(({kind, dueMs}) => kind === 'attest' || dueMs !== null)
          .map(({title}) => title),
      ],
      asked,
      confirmations: confirmed(session).map(({expected}) => expected),
      roles: (await context.authorities())[session.scenario],
      duration: await likelyDuration(session),
      success: session.runbook.success.map(({title}) => title),
      abort: session.runbook.abort.map(({title}) => title),
      writes: writesOf(session),
      notifications: await channels(session, context),
      rehearsal:
        rehearsal === null
          ? null
          : {
              state: rehearsal.verdict,
              observed: rehearsal.observed,
              next: rehearsal.next ?? null,
            },
      exit:
        end.type === 'blocked' ||
        unsigned.length > 0 ||
        (rehearsal !== null && rehearsal.verdict !== 'pass')
          ? 3
          : 0,
    }
    const own = people.find(({name}) => name === session.world.operator)
    return {plan, asked, role: own?.role ?? ''}
  } finally {
    await opened.close()
  }
}

/** What the release brings, whole as far as it is listed. */
function contentsOf(
  {checkpoint}: Session,
  changes: Awaited<ReturnType<typeof changesNow>>,
): NonNullable<Plan['contents']> {
  const content = releaseContent(changes ?? undefined, checkpoint)
  return {
    ...content,
    since: changes?.since ?? null,
    total: changes?.total ?? null,
    authors: changes?.authors ?? [],
    commits: (changes?.commits ?? []).map(({sha, subject, kind, authors = [], issues = []}) => ({
      ...{sha, subject, kind: kind ?? 'other', authors, issues},
    })),
  }
}

/** What a run would refuse before its prerequisites: a commit that has to be signed and cannot be. */
async function notSigned({world, terminal}: Session): Promise<Plan['prerequisites']> {
  try {
    await proveSigning(world.repository, world.clock.now())
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = null} = error.parts
    const title = {fr: 'Commits signés', en: 'Signed commits'}
    return [
      {title: inLang(title, terminal.lang), state: 'fail', observed: join([what, why], ' '), next},
    ]
  }
}

/** What the team would hear by; of the last run's messages those that did not arrive. */
async function channels(session: Session, context: Context): Promise<Plan['notifications']> {
  const notifiers = await context.adapters.notifiers()
  if (notifiers.length === 0) return []
  const {runs} = await recordsOf(session)
  const last = (await runs.at(-1)?.load()) ?? null
  return (await judgeChannels(notifiers, last)).map(({channel, judgement}) => ({
    ...{channel, state: judgement.verdict, observed: judgement.observed},
    next: judgement.next ?? null,
  }))
}

/** The reset on the real STAGING, rolled back. */
async function rehearsed(
  {terminal}: Session,
  {adapters, checkpoint, project}: Context,
): Promise<Judgement> {
  if (project.database === undefined)
    return unknown({fr: 'aucune base n’est décrite', en: 'no database is described'})
  const {rehearse} = await adapters.database()
  if (rehearse === undefined)
    return unknown({fr: 'cette base ne se remet pas à vide', en: 'this database is never reset'})
  return rehearse({commit: checkpoint.commit, say: (line) => terminal.progress(line)})
}

async function plannedPhase(session: Session, phase: Phase, context: Context) {
  const written = session.runbook.phases.find(({number}) => number === phase.number)
  const items = await Promise.all(
    (written?.items ?? []).map((item) =>
      plannedItem(
        item,
        phase.steps.find(({id}) => item.kind === 'step' && id === item.name),
        context,
        written,
      ),
    ),
  )
  return {
    number: phase.number ?? 0,
    title: written?.title ?? phase.id,
    mode: written?.mode ?? phase.mode,
    items,
  }
}

/** What would happen and, where that has to be said, whose doing it is. */
const withNote = (effect: Effect): Text =>
  effect.kind === 'command' && effect.note !== undefined
    ? join([effect.text, effect.note], '  # ')
    : effectText(effect)

async function plannedItem(
  item: PolicyItem,
  step: Step | undefined,
  context: Context,
  written: PolicyPhase | undefined,
): Promise<PlannedItem> {
  const base = {title: item.title, kind: item.kind, name: item.name}
  if (step === undefined || !('act' in step)) return {...base, commands: []}
  try {
    return {...base, commands: [await step.act(context, item.parameters)].flat().map(withNote)}
  } catch {
    // What it will do depends on what earlier steps find: the runbook's own list says which commands may run.
    return {
      ...base,
      commands:
        (written?.fences ?? []).length === 0
          ? []
          : [
              {
                fr: `une commande listée en ligne ${written?.fences[0]?.position.line}`,
                en: `a command listed at line ${written?.fences[0]?.position.line}`,
              },
            ],
    }
  }
}

/** What a run that succeeds would leave, by the table of documents. */
function writesOf(session: Session): string[] {
  const at = session.world.clock.now().toISOString()
  const names = documentNames({...fold([dryRunStart(session)]), effects: true})
  const written = leftBy(names)
    .filter(({document, path}) => document.dated || path === names.ledger)
    .map(({path}) => path)
  return [
    'docs/runs/<run>/',
    names.changelog,
    ...written,
    outcomeTagName(session.scenario, at.slice(0, 10)),
  ]
}
