// No post-mortem of a PRODUCTION rollback is still owed: each is on the remote's main with every
// mandatory field filled in.

import {recorded} from '../domain/recorded.ts'
import type {RunState} from '../domain/run.ts'
import type {Text} from '../domain/text.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {owesPostMortem} from '../domain/views/owed.ts'
import {missingFields} from '../domain/views/post-mortem.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {shortList} from '../words/observed.ts'
import {incomplete, restoreAccess} from './not-frozen.ts'

export const postMortemFilled = check({
  name: 'post-mortem-filled',
  describe: {
    fr: 'Aucun post-mortem de rollback n’attend d’être rempli.',
    en: 'No post-mortem of a rollback waits to be filled in.',
  },
  parameters: {},
  async judge(context) {
    const records = await context.records()
    const back = records.runs.filter(
      ({scenario, result}) =>
        scenario === 'production' && (result === 'rolled-back' || result === 'rollback-failed'),
    )
    const states = (await Promise.all(back.map((run) => run.load()))).filter(owesPostMortem)
    const owed = (await Promise.all(states.map((state) => owedBy(context, state)))).flat()
    if (owed.length > 0) {
      return fail(shortList(owed, 4), {
        next: {
          fr: 'remplir les champs cités, puis committer et pousser le document',
          en: 'fill in the fields named, then commit and push the document',
        },
      })
    }
    if (!records.complete) return unknown(incomplete, {next: restoreAccess})
    return pass(
      states.length === 0
        ? {fr: 'aucun rollback de PRODUCTION enregistré', en: 'no PRODUCTION rollback recorded'}
        : {
            fr: `${states.length} post-mortem ${states.length > 1 ? 'complets' : 'complet'}`,
            en: `${states.length} complete post-mortem${states.length > 1 ? 's' : ''}`,
          },
    )
  },
})

/** What is missing of one run's post-mortem, by the document's name. */
async function owedBy(context: Context, state: RunState): Promise<Text[]> {
  const path = postMortemPath(state)
  if (path === null) {
    return [
      {
        fr: `${state.run} : aucun post-mortem n’a été écrit`,
        en: `${state.run}: no post-mortem was written`,
      },
    ]
  }
  const {repository} = context.world
  const main = await repository.remoteMain()
  const commit = main === null ? null : await repository.fetchCommit(main.sha)
  const source = commit === null ? null : await repository.showFile(commit, path)
  if (source === null) {
    return [
      {fr: `${path} n’est pas sur la branche principale`, en: `${path} is not on the main branch`},
    ]
  }
  const template = (await context.policy.file('templates/post-mortem-rollback.md')).source
  const missing = missingFields(source, template)
  if (missing.length === 0) return []
  return [
    {
      fr: `${path} : à remplir : ${missing.join(', ')}`,
      en: `${path}: to fill in: ${missing.join(', ')}`,
    },
  ]
}

const postMortemPath = (state: RunState): string | null =>
  recorded(state, 'document-names')?.postMortem ??
  state.documents.find(({path}) => /POST_MORTEM_ROLLBACK/.test(path))?.path ??
  null
