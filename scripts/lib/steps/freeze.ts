// The steps of a freeze and of its end: the tag for traceability, the record of the decision, and
// whether code has changed since.

import {type Fact, factRecorded} from '../domain/facts.ts'
import {bracketed} from '../domain/mark.ts'
import {recorded} from '../domain/recorded.ts'
import {inLang} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {type Effect, effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import {codeOf} from '../proofs/code.ts'
import {tagPlaced} from '../proofs/tag-placed.ts'
import {tagOutcome} from '../store/git/outcome-tag.ts'
import {activeFreeze} from '../store/records/records.ts'
import type {AnswerValue} from '../words/asking.ts'
import {shortList, words} from '../words/observed.ts'

/** Step `checkpoint-verified`: the tag is on the gate's commit, here and on the remote. */
export const checkpointVerified = (context: Context): Promise<Judgement> => tagPlaced(context)

/** Step `freeze-tag`, `act`: annotated, on the checkpoint, never moved. */
export function freezeTag(context: Context): Effect {
  const {world, checkpoint, run, journalHead} = context
  const date = new Date(run().started.at)
  const day = date.toISOString().slice(0, 10)
  return effect(
    {fr: `poser et publier le tag freeze-${day}`, en: `create and push the tag freeze-${day}`},
    async () => {
      const {hash, count} = journalHead()
      const {tag: name} = await tagOutcome({
        repository: world.repository,
        scenario: 'freeze',
        date,
        commit: checkpoint.commit,
        run: run().run,
        message: [
          bracketed(world.mark, `Freeze : ${answerOf(context, 'reason')}`),
          '',
          `Checkpoint : ${checkpoint.tag} (${checkpoint.commit})`,
          `Responsable : ${answerOf(context, 'responsible')}`,
          '',
          `Postgate-Journal-Head: ${hash}`,
          `Postgate-Journal-Events: ${count}`,
        ].join('\n'),
      })
      await context.record(factRecorded('release-tag', {tag: name}))
    },
  )
}

/** Step `freeze-tag`, `done`: asks here and on the remote. */
export async function freezeTagged({world, fact, checkpoint}: Context): Promise<Judgement> {
  const name = fact('release-tag')?.tag
  if (name === undefined) return fail({fr: 'aucun tag posé', en: 'no tag was created'})
  const there =
    world.repository.remote === null
      ? await world.repository.resolveTag(name)
      : await world.repository.remoteTag(name)
  return there?.commit === checkpoint.commit
    ? pass(words`${name} (${checkpoint.commit.slice(0, 12)})`)
    : fail(words`${name} ${{fr: 'n’est pas sur le dépôt distant', en: 'is not on the remote'}}`)
}

/** Step `freeze-record`: the decision in its parts, from what people answered. */
export async function freezeRecord(context: Context): Promise<Judgement> {
  const planned = answerOf(context, 'planned')
  const freeze: Fact<'freeze'> = {
    reason: answerOf(context, 'reason'),
    scope: answerOf(context, 'scope'),
    responsible: answerOf(context, 'responsible'),
    planned: planned.replace(/[\s,;]*\d{4}-\d{2}-\d{2}/, '').trim(),
    plannedDate: /\d{4}-\d{2}-\d{2}/.exec(planned)?.[0] ?? '',
    review: answerOf(context, 'review'),
    exitCriteria: answerOf(context, 'exit-criteria'),
    tag: context.fact('release-tag')?.tag ?? null,
  }
  if (freeze.reason === '' || freeze.responsible === '')
    return fail({
      fr: 'la raison ou le responsable manque',
      en: 'the reason or who is responsible is missing',
    })
  return pass(words`${freeze.reason} (${freeze.responsible})`, {facts: {freeze}})
}

/** What a person answered to the item `<!-- attest: value=NAME -->`; empty where nobody did. */
function answerOf({runbook, run}: Context, value: AnswerValue): string {
  const item = runbook.prerequisites.find(({parameters}) => parameters.value === value)
  const given = item === undefined ? undefined : run().items.get(item.id)
  return given === undefined ? '' : inLang(given.observed, 'fr')
}

/** Step `code-since-freeze` of the end: whether the gate still holds. Always passes: both answers end the freeze. */
export async function codeSinceFreeze(context: Context): Promise<Judgement> {
  const freeze = activeFreeze(await context.records())
  if (freeze === null) return fail({fr: 'aucun freeze actif', en: 'no active freeze'})
  const {repository} = context.world
  const main = await repository.remoteMain()
  if (main === null)
    return unknown({
      fr: `${repository.branch} n’existe pas`,
      en: `${repository.branch} does not exist`,
    })
  await repository.fetchCommit(main.sha)
  const code = codeOf(context)
  const commits = await repository.commitsBetween(freeze.commit, main.sha, code)
  const files = await repository.changedFiles(freeze.commit, main.sha, code)
  const holds = commits.length === 0 && files.length === 0
  const facts = {
    'freeze-exit': {holds, commits: commits.map(({sha, subject}) => ({sha, subject})), files},
    ...freezeFact(await freeze.load()),
  }
  if (holds)
    return pass(
      {
        fr: 'aucun code modifié depuis le freeze : le gate tient',
        en: 'no code changed since the freeze: the gate holds',
      },
      {facts},
    )
  return pass(
    words`${{fr: 'code modifié depuis le freeze : un nouveau Release Gate est requis', en: 'code changed since the freeze: a new Release Gate is required'}} (${shortList(
      commits.map(({sha, subject}) => `${sha.slice(0, 7)} ${subject}`),
      5,
    )} ; ${shortList(files, 8)})`,
    {facts},
  )
}

/** Step `exit-criteria`: what had to be true, as it was written; whether it is, a person says. */
export async function exitCriteria({fact}: Context): Promise<Judgement> {
  const freeze = fact('freeze')
  if (freeze === undefined || freeze.exitCriteria === '')
    return pass({fr: 'le freeze n’en nomme aucun', en: 'the freeze names none'})
  const {exitCriteria: criteria, review} = freeze
  return unknown(
    {
      fr: `critères écrits : ${criteria} ; revue prévue le ${review}`,
      en: `criteria as written: ${criteria}; review planned on ${review}`,
    },
    {attestable: {}},
  )
}

/** Step `exit-decided`: one of those who decide a freeze ends it. */
export async function exitDecided(context: Context): Promise<Judgement> {
  const roles = (await context.authorities()).freeze
  const names = roles.join(', ')
  return unknown(
    {fr: `décision attendue : ${names}`, en: `a decision is awaited: ${names}`},
    {attestable: {roles}},
  )
}

function freezeFact(state: Parameters<typeof recorded>[0]) {
  const freeze = recorded(state, 'freeze')
  return freeze === undefined ? {} : {freeze}
}
