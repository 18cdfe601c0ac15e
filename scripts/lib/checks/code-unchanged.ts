// No code came to main after the tag: what was validated is what is released. What comes while a run
// is already going is a remark; a main that was rewritten is never one.

import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {codeOf} from '../proofs/code.ts'
import {isRemoteAway} from '../store/git/remote-problem.ts'
import {counted, shortList, words} from '../words/observed.ts'

export const codeUnchanged = check({
  name: 'code-unchanged',
  describe: {
    fr: 'Aucun code n’est arrivé sur main après le tag.',
    en: 'No code came to main after the tag.',
  },
  parameters: {},
  async judge(context) {
    const {repository} = context.world
    const {branch} = repository
    if (await repository.isShallow()) return cutOff()
    try {
      const main = await repository.remoteMain()
      if (main === null) {
        return fail({fr: `${branch} n’existe pas`, en: `${branch} does not exist`})
      }
      await repository.fetchCommit(main.sha)
      return await judgeMain(context, main.sha)
    } catch (error) {
      if (!isRemoteAway(error)) throw error
      return unknown(
        {
          fr: `${repository.remote} ne répond pas : ${branch} n’est pas connue`,
          en: `${repository.remote} does not answer: ${branch} is not known`,
        },
        {...(error.parts.next && {next: error.parts.next})},
      )
    }
  },
})

async function judgeMain(context: Context, main: string): Promise<Judgement> {
  const {repository} = context.world
  const {branch} = repository
  const {tag, commit} = context.checkpoint
  if (!(await repository.isAncestor(commit, main))) {
    return fail(
      {
        fr: `${tag} (${commit}) n’est pas dans l’historique de ${branch} (${main}) : branche réécrite ou tag posé ailleurs`,
        en: `${tag} (${commit}) is not in the history of ${branch} (${main}): rewritten, or tagged elsewhere`,
      },
      newGate,
    )
  }
  const start = await startOf(context, main)
  if (start !== main && !(await repository.isAncestor(start, main))) {
    return fail(
      {
        fr: `${branch} a été réécrite pendant l’exécution : elle était sur ${start}, elle est sur ${main}`,
        en: `${branch} was rewritten during the run: it was on ${start}, it is on ${main}`,
      },
      newGate,
    )
  }
  const code = codeOf(context)
  const before = await repository.commitsBetween(commit, start, code)
  const files = await repository.changedFiles(commit, start, code)
  if (before.length > 0 || files.length > 0) {
    const shape = context.project.database?.shape ?? ''
    const all = [...new Set([...before.flatMap((each) => each.files), ...files])].sort()
    const commits = before.map((each) => `${each.sha.slice(0, 12)} ${each.subject}`)
    return fail(
      words`${counted(before.length, ['commit', 'commits'], ['commit', 'commits'])} ${{fr: `de code sur ${branch} après`, en: `of code on ${branch} after`}} ${tag}${{fr: ' : ', en: ': '}}${shortList(commits, 5)} (${shortList(all, 8)})`,
      all.some((path) => path === shape || path === shape.replace(/\.sql$/, '.json'))
        ? newShape(shape)
        : newGate,
    )
  }
  const during = start === main ? [] : await repository.commitsBetween(start, main, code)
  return pass(
    words`${{fr: `aucun commit de code sur ${branch} après ${tag}`, en: `no code commit on ${branch} after ${tag}`}} (${main.slice(0, 12)})${remark(during)}`,
  )
}

const remark = (during: readonly {sha: string; subject: string}[]): Text =>
  during.length === 0
    ? ''
    : words`${{fr: ' ; arrivés depuis le début, non livrés : ', en: '; come since the start, not released: '}}${shortList(
        during.map((each) => `${each.sha.slice(0, 12)} ${each.subject}`),
        5,
      )}`

/** Main as it was when the run began; before that, as it is. */
async function startOf(context: Context, main: string): Promise<string> {
  let start: string
  try {
    start = context.run().started.main
  } catch {
    // No run yet: this is the look before the start.
    return main
  }
  return (await context.world.repository.resolveCommit(start)) ?? main
}

const newGate = {
  next: {
    fr: 'valider un nouveau Release Gate pour ce code, ou livrer depuis un tag qui le contient',
    en: 'validate a new Release Gate for this code, or release from a tag that contains it',
  },
}

/** A reset builds what is committed there: taken again, it is other code. */
const newShape = (shape: string) => ({
  next: {
    fr: `${shape} compte comme du code : livrer depuis un nouveau tag qui le contient, et valider son Release Gate ; la prochaine fois, le reprendre avant le tag`,
    en: `${shape} counts as code: release from a new tag that contains it, and validate its Release Gate; next time take it before the tag`,
  },
})

const cutOff = (): Judgement =>
  unknown(
    {fr: 'l’historique de ce clone est tronqué', en: 'the history of this clone is cut off'},
    {next: {fr: 'lancer : git fetch --unshallow', en: 'run: git fetch --unshallow'}},
  )
