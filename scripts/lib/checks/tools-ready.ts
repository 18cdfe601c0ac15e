// Builder and host answer, in the right version and under the right account, before anything starts.

import {Problem} from '../domain/problem.ts'
import {join as joined, type Text} from '../domain/text.ts'
import {type Judgement, unknown, worst} from '../domain/verdict.ts'
import {check} from '../engine/definition.ts'
import {cause, words} from './words.ts'

export const toolsReady = check({
  name: 'tools-ready',
  describe: {
    fr: 'Le builder et l’hébergeur répondent.',
    en: 'Builder and host answer.',
  },
  parameters: {},
  async judge({adapters}) {
    const [hosting, builder] = await Promise.all([adapters.hosting(), adapters.builder()])
    const tools = [
      {product: builder.product, judgement: await answer(() => builder.ready())},
      {product: hosting.product, judgement: await answer(() => hosting.ready())},
    ]
    const missing = tools.filter(({judgement}) => judgement.verdict !== 'pass')
    const next = missing.flatMap(({judgement}) => judgement.next ?? [])
    return {
      verdict: worst(tools.map(({judgement}) => judgement.verdict)),
      observed: joined(
        (missing.length > 0 ? missing : tools).map(({product, judgement}): Text => {
          const {observed} = judgement
          return words`${product}: ${observed}`
        }),
        ' ; ',
      ),
      evidence: tools.flatMap(({judgement}) => judgement.evidence ?? []),
      ...(next.length > 0 && {next: joined(next, ' ; ')}),
    }
  },
})

// Both are asked even where the first one throws: a block names all that is missing.
async function answer(ask: () => Promise<Judgement>): Promise<Judgement> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Problem)) return unknown(cause(error))
    if (error.parts.exit === 2) throw error
    const {what, next} = error.parts
    return unknown(what, next === undefined ? {} : {next})
  }
}
