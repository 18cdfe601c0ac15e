// Builder and host answer, in the right version and under the right account, before anything starts; so
// does what the database's reset calls. And they are this environment's own, whatever the runbook lists.

import type {Judgement} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {judgeToolsReady as judgeTools} from '../proofs/deployment.ts'
import {judgeSeparation} from '../proofs/separation.ts'
import {words} from '../words/observed.ts'

export const toolsReady = check({
  name: 'tools-ready',
  describe: {fr: 'Le builder et l’hébergeur répondent.', en: 'Builder and host answer.'},
  parameters: {},
  async judge(context) {
    const own = await judgeSeparation(context, {redirects: false})
    if (own.verdict !== 'pass') return own
    const judged = await judgeTools(context)
    if (judged.verdict !== 'pass') return judged
    const database = await databaseReady(context)
    if (database === null) return judged
    if (database.verdict !== 'pass') return database
    return {...judged, observed: words`${judged.observed}, ${database.observed}`}
  },
})

async function databaseReady({project, adapters}: Context): Promise<Judgement | null> {
  if (project.database === undefined) return null
  const {ready} = await adapters.database()
  return ready === undefined ? null : ready()
}
