// A pull request on GitHub for the documents' branch: one for each branch, ever. One that a person
// closed stays closed, and is the one that is shown.

import {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import type {MergeAsked} from '../../kit/ports/ci.ts'
import type {GithubApi} from './github-api.ts'

const pull = z.object({
  number: z.number(),
  html_url: z.string(),
  head: z.object({ref: z.string()}),
})

interface Input {
  readonly head: string
  readonly base: string
  readonly title: string
  readonly body: string
}

/** Looks first: a run that finishes twice opens no second one. null without a token. Throws a `Problem` (3). */
export async function mergeRequest(
  api: GithubApi,
  repository: string,
  {head, base, title, body}: Input,
): Promise<MergeAsked | null> {
  if (!api.hasToken) return null
  const path = `/repos/${repository}/pulls`
  const [owner = ''] = repository.split('/')
  const find = async (): Promise<MergeAsked | null> => {
    const pulls = await api.get(path, z.array(pull), {state: 'all', head: `${owner}:${head}`, base})
    // Asked for by the filter, and not taken on trust: an unknown filter is ignored by some servers.
    const [found] = pulls.filter((each) => each.head.ref === head)
    return found === undefined ? null : asked(found)
  }
  const earlier = await find()
  if (earlier !== null) return earlier
  const opened = await api.post(path, pull, {title, head, base, body})
  if (opened !== null) return asked(opened)
  const meanwhile = await find()
  if (meanwhile !== null) return meanwhile
  throw problem({
    what: {
      fr: `GitHub refuse une demande de fusion de ${head} vers ${base}.`,
      en: `GitHub refuses a pull request from ${head} to ${base}.`,
    },
    exit: 3,
  })
}

const asked = ({number, html_url: link}: z.output<typeof pull>): MergeAsked => ({number, link})
