// Builder and host answer, in the right version and under the right account, before anything starts; so
// does what the database's reset calls; and what the phases will read in the checkpoint and in the env file
// is there. All of it is this environment's own, whatever the runbook lists.

import type {Judgement} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {judgeToolsReady as judgeTools} from '../proofs/deployment.ts'
import {foreseen} from '../proofs/foreseen.ts'
import {judgeSeparation} from '../proofs/separation.ts'
import {shortList, words} from '../words/observed.ts'

export const toolsReady = check({
  name: 'tools-ready',
  describe: {
    fr: 'Le builder et l’hébergeur répondent, et ce que les phases liront est là.',
    en: 'Builder and host answer, and what the phases will read is there.',
  },
  parameters: {},
  async judge(context) {
    const own = await judgeSeparation(context, {redirects: false})
    if (own.verdict !== 'pass') return own
    const judged = await judgeTools(context)
    if (judged.verdict !== 'pass') return judged
    const database = await databaseReady(context)
    if (database !== null && database.verdict !== 'pass') return database
    const refused = await refusedLater(context)
    if (refused !== null) return refused
    return database === null
      ? judged
      : {...judged, observed: words`${judged.observed}, ${database.observed}`}
  },
})

async function databaseReady({project, adapters}: Context): Promise<Judgement | null> {
  if (project.database === undefined) return null
  const {ready} = await adapters.database()
  return ready === undefined ? null : ready()
}

/** What a phase would refuse, all at once; null where nothing is foreseen. */
async function refusedLater(context: Context): Promise<Judgement | null> {
  const {environment, adapters, checkpoint} = context
  if (environment === null) return null
  const found = await foreseen({
    ...{world: context.world, project: context.project, environment},
    ...{commit: checkpoint.commit, env: () => context.env(environment)},
    ...{builder: adapters.builder, hosting: adapters.hosting, database: adapters.database},
  })
  const judged = await Promise.all(
    found.map(async ({title, judge}) => ({title, judgement: await judge()})),
  )
  const wrong = judged.filter(({judgement}) => judgement.verdict !== 'pass')
  if (wrong.length === 0) return null
  const next = wrong.flatMap(({judgement}) => judgement.next ?? [])
  return {
    verdict: wrong.some(({judgement}) => judgement.verdict === 'fail') ? 'fail' : 'unknown',
    observed: shortList(
      wrong.map(({title, judgement}) => words`${title} : ${judgement.observed}`),
      6,
    ),
    ...(next.length > 0 && {next: shortList(next, 6)}),
  }
}
